package org.diwan.foundry.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;

/// Float32 tensors in Hugging Face's safetensors format (its README, "Format"): u64 little-endian
/// length of the header, the header as JSON padded with spaces to a multiple of 8, then the data.
/// A tensor `"w"` of shape `[2]` is the header
/// `{"w":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}}` and eight bytes.
public final class Safetensors {
    /// Longest header that is read; a model of a thousand tensors has about 100 kB.
    private static final long MAX_HEADER_SIZE = 16 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /// A float32 tensor, row-major; the arrays are the caller's, not copied: they can be most of memory.
    @SuppressWarnings("ArrayRecordComponent")
    public record Array(String name, long[] shape, float[] values) {}

    /// What a file holds.
    ///
    /// @param metadata free strings
    public record Content(Map<String, String> metadata, Map<String, Array> arrays) {}

    private Safetensors() {}

    /// `file` holds exactly this afterwards, or what it held before when the disk refuses.
    public static void write(Path file, Map<String, String> metadata, List<Array> arrays) throws IOException {
        var header = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) header.put("__metadata__", metadata);
        long offset = 0;
        for (Array array : arrays) {
            long end = offset + 4L * array.values.length;
            var shape = new ArrayList<Object>();
            for (long size : array.shape) shape.add(size);
            header.put(
                    array.name, Map.of("dtype", "F32", "shape", shape, "data_offsets", List.<Object>of(offset, end)));
            offset = end;
        }
        String json = CanonicalJson.text(header);
        int jsonSize = json.getBytes(StandardCharsets.UTF_8).length;
        byte[] padded = (json + " ".repeat((8 - jsonSize % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), () -> file + " is not a file name");
        Path draft = folder.resolve("." + file.getFileName() + ".draft");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16)) {
            byte[] length = new byte[8];
            little(length).putLong(padded.length);
            out.write(length);
            out.write(padded);
            for (Array array : arrays) {
                byte[] bytes = new byte[4 * array.values.length];
                little(bytes).asFloatBuffer().put(array.values);
                out.write(bytes);
            }
        }
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        AtomicFile.syncFolder(folder);
    }

    /// The content of `file`; all tensors must be float32.
    ///
    /// @throws IOException naming the file and the header field that is wrong
    public static Content read(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            long headerSize = little(fully(channel, 8, 0, file)).getLong();
            if (headerSize < 2 || headerSize > MAX_HEADER_SIZE || 8 + headerSize > channel.size())
                throw new IOException(file + ": header length " + headerSize + " is not in [2, " + MAX_HEADER_SIZE
                        + "] or beyond the file");
            JsonNode header = JSON.readTree(fully(channel, (int) headerSize, 8, file));
            var metadata = new LinkedHashMap<String, String>();
            var arrays = new LinkedHashMap<String, Array>();
            for (var field : header.properties()) {
                if (field.getKey().equals("__metadata__"))
                    field.getValue()
                            .properties()
                            .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
                else arrays.put(field.getKey(), array(file, channel, 8 + headerSize, field.getKey(), field.getValue()));
            }
            return new Content(metadata, arrays);
        }
    }

    private static Array array(Path file, FileChannel channel, long data, String name, JsonNode entry)
            throws IOException {
        long[] shape = new long[entry.path("shape").size()];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = entry.path("shape").get(i).asLong();
            count *= shape[i];
        }
        long from = entry.path("data_offsets").path(0).asLong(-1);
        long to = entry.path("data_offsets").path(1).asLong(-1);
        boolean sound = entry.path("dtype").asText().equals("F32")
                && from >= 0
                && to - from == 4 * count
                && data + to <= channel.size()
                && count <= Integer.MAX_VALUE / 4;
        if (!sound)
            throw new IOException(file + ": tensor " + name + " is not a float32 tensor within the file: " + entry);
        float[] values = new float[(int) count];
        little(fully(channel, (int) (to - from), data + from, file))
                .asFloatBuffer()
                .get(values);
        return new Array(name, shape, values);
    }

    private static byte[] fully(FileChannel channel, int size, long position, Path file) throws IOException {
        byte[] bytes = new byte[size];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining())
            if (channel.read(buffer, position + buffer.position()) < 0)
                throw new IOException(file + " ends at byte " + (position + buffer.position()));
        return bytes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
