package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A file system in memory that is as nasty as POSIX allows:
///
/// - after a crash each page that was not forced is old or new, each name that was not synced is there
///   or not, each for itself;
/// - a failed write leaves some of its bytes, a failed force makes some pages durable and *forgets* that
///   the others are dirty, so that the next force succeeds without writing them (fsyncgate);
/// - every operation is numbered; from [#failFrom] on, [#failures] of them fail.
final class SimulatedDisk implements Disk {
    /// Small, so that a batch of a few entries spans several.
    private static final int PAGE = 64;

    /// A file or, where `folder`, a folder.
    private static final class Node {
        final boolean folder;
        byte[] current = {};
        byte[] durable = {};
        /// Pages that the next force will write.
        final BitSet dirty = new BitSet();

        Node(boolean folder) {
            this.folder = folder;
        }

        void resize(int size) {
            if (size != current.length && current.length % PAGE != 0) dirty.set(current.length / PAGE);
            if (size % PAGE != 0) dirty.set(size / PAGE);
            current = Arrays.copyOf(current, size);
        }

        void write(int position, byte[] bytes) {
            if (bytes.length == 0) return;
            if (position + bytes.length > current.length) resize(position + bytes.length);
            System.arraycopy(bytes, 0, current, position, bytes.length);
            dirty.set(position / PAGE, (position + bytes.length - 1) / PAGE + 1);
        }

        /// Makes the dirty pages durable for which `keep` says so, and the size.
        void force(IntPredicate keep, boolean size) {
            if (size) durable = Arrays.copyOf(durable, current.length);
            for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
                int from = page * PAGE;
                int to = Math.min(current.length, from + PAGE);
                if (from >= to || !keep.test(page)) continue;
                if (to > durable.length) durable = Arrays.copyOf(durable, to);
                System.arraycopy(current, from, durable, from, to - from);
            }
            dirty.clear();
        }
    }

    private final RandomGenerator random;
    private final TreeMap<String, Node> names = new TreeMap<>();
    private final TreeMap<String, Node> durableNames = new TreeMap<>();
    private boolean off;
    private @Nullable String failNext;
    private volatile @Nullable CountDownLatch hold;
    private final CountDownLatch held = new CountDownLatch(1);

    /// Operations so far.
    int operations;
    /// The first operation that fails, and how many do.
    int failFrom = Integer.MAX_VALUE;
    int failures = 1;
    /// Whether reading counts as an operation, and may fail.
    boolean readsFail;

    SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    /// The disk as the next process finds it after the power failed now; this one answers no more.
    synchronized SimulatedDisk crash() {
        off = true;
        var after = new SimulatedDisk(random);
        Set<String> all = new HashSet<>(names.keySet());
        all.addAll(durableNames.keySet());
        var survivors = new IdentityHashMap<Node, Node>();
        for (String path : new TreeSet<>(all)) {
            Node node = random.nextBoolean() ? names.get(path) : durableNames.get(path);
            if (node == null) continue;
            String folder = Disk.parent(path);
            if (!folder.isEmpty() && !after.names.containsKey(folder)) continue;
            after.names.put(path, survivors.computeIfAbsent(node, this::survivor));
        }
        after.durableNames.putAll(after.names);
        return after;
    }

    /// A process killed now (kill -9) loses nothing that it has written; drafts stay.
    synchronized SimulatedDisk kill() {
        off = true;
        var after = new SimulatedDisk(random);
        after.names.putAll(names);
        after.durableNames.putAll(durableNames);
        return after;
    }

    private Node survivor(Node node) {
        node.force(page -> random.nextBoolean(), random.nextBoolean());
        var after = new Node(node.folder);
        after.current = node.durable.clone();
        after.durable = node.durable.clone();
        return after;
    }

    /// Counts an operation and fails when its turn has come.
    private void operation(String what) throws IOException {
        if (off) throw new IOException(what + ": the power is off");
        int number = operations++;
        if (failNext != null && what.startsWith(failNext)) {
            failNext = null;
            throw new IOException(what + ": Input/output error");
        }
        if (number >= failFrom && number - failFrom < failures)
            throw new IOException(what + ": No space left on device (operation " + number + ")");
    }

    private Node node(String path) throws IOException {
        var node = names.get(path);
        if (node == null) throw new IOException(path + ": no such file");
        return node;
    }

    private void checkFolder(String path) throws IOException {
        if (!path.isEmpty() && !node(path).folder) throw new IOException(path + ": not a folder");
    }

    @Override
    public synchronized File create(String path) throws IOException {
        operation("create " + path);
        checkFolder(Disk.parent(path));
        // POSIX would empty the old file; a new one with another life after a crash is as nasty.
        var node = new Node(false);
        names.put(path, node);
        return new File() {
            @Override
            public void write(long position, ByteBuffer bytes) throws IOException {
                synchronized (SimulatedDisk.this) {
                    byte[] all = new byte[bytes.remaining()];
                    bytes.get(all);
                    try {
                        operation("write " + path);
                    } catch (IOException e) {
                        if (!off) node.write((int) position, Arrays.copyOf(all, random.nextInt(all.length + 1)));
                        throw e;
                    }
                    node.write((int) position, all);
                }
            }

            @Override
            public void force() throws IOException {
                waitWhileHeld();
                synchronized (SimulatedDisk.this) {
                    try {
                        operation("force " + path);
                    } catch (IOException e) {
                        if (!off) node.force(page -> random.nextBoolean(), random.nextBoolean());
                        throw e;
                    }
                    node.force(page -> true, true);
                }
            }

            @Override
            public void truncate(long size) throws IOException {
                synchronized (SimulatedDisk.this) {
                    operation("truncate " + path);
                    if (size < node.current.length) node.resize((int) size);
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        operation("rename " + to);
        checkFolder(Disk.parent(to));
        names.put(to, node(from));
        names.remove(from);
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        operation("delete " + path);
        if (!list(path).isEmpty()) throw new IOException(path + ": folder is not empty");
        names.remove(path);
    }

    @Override
    public synchronized void makeFolder(String path) throws IOException {
        operation("makeFolder " + path);
        checkFolder(Disk.parent(path));
        names.putIfAbsent(path, new Node(true));
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        operation("syncFolder " + folder);
        checkFolder(folder);
        durableNames.keySet().removeIf(path -> Disk.parent(path).equals(folder) && !names.containsKey(path));
        names.forEach((path, node) -> {
            if (Disk.parent(path).equals(folder)) durableNames.put(path, node);
        });
    }

    @Override
    public synchronized boolean isEmpty(String folder) throws IOException {
        return list(folder).isEmpty();
    }

    @Override
    public synchronized List<String> list(String folder) throws IOException {
        if (off) throw new IOException(folder + ": the power is off");
        return names.keySet().stream()
                .filter(path -> !path.isEmpty() && Disk.parent(path).equals(folder))
                .map(path -> path.substring(folder.isEmpty() ? 0 : folder.length() + 1))
                .toList();
    }

    @Override
    public synchronized byte @Nullable [] read(String path, int limit) throws IOException {
        if (off) throw new IOException(path + ": the power is off");
        if (readsFail) operation("read " + path);
        var node = names.get(path);
        if (node == null || node.folder) return null;
        if (node.current.length > limit) throw new TooLongException(path, limit);
        return node.current.clone();
    }

    /// The paths of all files below `tile/`.
    synchronized List<String> tiles() {
        return names.entrySet().stream()
                .filter(name -> !name.getValue().folder && name.getKey().startsWith("tile/"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The next force waits until the latch that this returns is counted down.
    CountDownLatch holdNextForce() {
        var release = new CountDownLatch(1);
        hold = release;
        return release;
    }

    /// Returns when a force has begun to wait.
    void awaitHeld() throws InterruptedException {
        held.await();
    }

    private void waitWhileHeld() throws IOException {
        var release = hold;
        if (release == null) return;
        hold = null;
        held.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// The next operation of this kind fails, once.
    synchronized void failNext(String kind) {
        failNext = kind;
    }

    /// Changes bits of one byte of a file, on disk; returns the size of the file.
    synchronized int flip(String path, int offset, int bits) throws IOException {
        var node = node(path);
        node.current[offset] ^= (byte) bits;
        return node.current.length;
    }

    /// What lies in `checkpoint` at this moment, without counting as an operation: what a web server
    /// beside the ledger hands out.
    synchronized @Nullable String served() {
        var node = names.get("checkpoint");
        return node == null ? null : new String(node.current, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "simulated";
    }
}
