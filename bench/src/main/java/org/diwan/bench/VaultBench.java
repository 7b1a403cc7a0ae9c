package org.diwan.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.store.SqlKeyShelf;
import org.diwan.sovereignty.vault.ErasedException;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.KeyShelf.RecordKey;
import org.diwan.sovereignty.vault.Vault;

/// The vault's part of `bench sovereignty`: a person with a million records is erased, then a tenant with
/// as many; afterwards a sample of them must not open. Also the time to seal and open one record.
final class VaultBench {
    private static final int RECORDS = 1_000_000;
    private static final int SAMPLE = 1_000;
    private static final byte[] BODY = "x".repeat(2_000).getBytes(StandardCharsets.UTF_8);

    private VaultBench() {}

    /// Measures on the disk of `folder`.
    static Map<String, Object> measure(Path folder) throws IOException {
        Path files = Files.createTempDirectory(folder, "diwan-vault");
        var result = new LinkedHashMap<String, Object>();
        try (var shelf = SqlKeyShelf.open(files.resolve("vault.db"));
                var vault = new Vault(FileRootKey.open(files.resolve("root.key")), List.of(), Map.of(), shelf)) {
            var sealed = new ArrayList<byte[]>();
            long begin = System.nanoTime();
            for (int i = 0; i < SAMPLE; i++) sealed.add(vault.sealNew("tenant", "person", "s" + i, "request", BODY));
            result.put("sealMicros", micros(begin, SAMPLE));
            begin = System.nanoTime();
            for (int i = 0; i < SAMPLE; i++) vault.open("tenant", "s" + i, "request", sealed.get(i));
            result.put("openMicros", micros(begin, SAMPLE));

            fill(shelf, "tenant", "person", "p");
            begin = System.nanoTime();
            vault.erasePerson("tenant", "person");
            result.put("personOfAMillionErasedMillis", millis(begin));
            result.put("recoverable", recoverable(vault, "tenant", sealed));

            vault.sealNew("other", "person", "first", "request", BODY);
            fill(shelf, "other", "person", "q");
            begin = System.nanoTime();
            vault.eraseTenant("other");
            result.put("tenantOfAMillionErasedMillis", millis(begin));
            result.put("records", RECORDS);
        } finally {
            try (var left = Files.list(files)) {
                for (Path file : left.toList()) Files.delete(file);
            }
            Files.delete(files);
        }
        return result;
    }

    private static void fill(SqlKeyShelf shelf, String tenant, String person, String prefix) throws IOException {
        var ids = new ArrayList<String>(RECORDS);
        for (int i = 0; i < RECORDS; i++) ids.add(prefix + i);
        shelf.addRecordKeys(ids, new RecordKey(tenant, person, new byte[60]));
    }

    private static int recoverable(Vault vault, String tenant, List<byte[]> sealed) throws IOException {
        int opened = 0;
        for (int i = 0; i < sealed.size(); i++) {
            try {
                vault.open(tenant, "s" + i, "request", sealed.get(i));
                opened++;
            } catch (ErasedException e) {
                // Erased, as it should be: not counted.
            }
        }
        return opened;
    }

    private static double micros(long begin, int count) {
        return Math.round((System.nanoTime() - begin) / 1e2 / count) / 10.0;
    }

    private static double millis(long begin) {
        return Math.round((System.nanoTime() - begin) / 1e5) / 10.0;
    }
}
