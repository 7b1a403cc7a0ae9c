package org.diwan.app;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.OperatorVault;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.VaultConfig;
import org.diwan.robots.control.RobotsApi;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.record.Trace;
import org.diwan.robots.record.Trust;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.TileSource;

/// The ledger of a process that commands robots and serves no models; its checkpoint is at most a second behind.
final class RobotsLedger implements EntryBook, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RobotsLedger.class.getName());

    private final Path data;
    private final SignedLedger signed;
    private final LedgerConfig config;
    private final OperatorVault words;
    private final Thread publisher;

    /// @throws IOException when another process has it open, the vault's root key is elsewhere, or the disk fails
    RobotsLedger(Path data, LedgerConfig config, VaultConfig vault) throws IOException {
        this.data = data;
        this.config = config;
        signed = SignedLedger.open(data, config);
        try {
            words = OperatorVault.open(data, vault, this::append);
        } catch (IOException | RuntimeException e) {
            signed.close();
            throw e;
        }
        publisher = Thread.ofVirtual().name("robots-publisher").start(this::publish);
    }

    private void publish() {
        try {
            while (true) {
                Thread.sleep(1_000);
                try {
                    if (ledger().isBehind()) ledger().publish();
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "no checkpoint was published", e);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private Ledger ledger() {
        return signed.ledger();
    }

    /// What its own vehicles and traces believe.
    Trust trust() {
        return new Trust(signed.signer().keys(), config.witnesses());
    }

    /// Where the files of jobs are.
    JobFolder jobs() {
        return new JobFolder(data.resolve("robots"), Optional.of(RobotsWords.sealing(words)));
    }

    /// What is said, to be erased.
    OperatorVault words() {
        return words;
    }

    @Override
    public long append(byte[] entry) throws IOException {
        return ledger().append(entry);
    }

    @Override
    public String prove(long index) throws IOException {
        return ledger().prove(index);
    }

    /// Traces from the published files, as an auditor has them.
    RobotsApi.Traces traces() {
        var source = TileSource.of(data.resolve("ledger"));
        return job -> {
            if (ledger().isBehind()) ledger().publish();
            return Trace.of(job, jobs(), source, trust());
        };
    }

    /// Publishes a last checkpoint: what came last is traced while no process runs.
    @Override
    public void close() throws IOException {
        publisher.interrupt();
        try {
            if (ledger().isBehind()) ledger().publish();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the last checkpoint is not published", e);
        }
        words.close();
        signed.close();
    }
}
