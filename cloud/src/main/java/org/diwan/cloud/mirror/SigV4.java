package org.diwan.cloud.mirror;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.diwan.base.Digest;

/// AWS Signature Version 4 for S3, whole payload in one piece (AWS, "Signature Calculations for the
/// Authorization Header: Transferring Payload in a Single Chunk", read 2026-11).
///
/// @param region such as `eu-central-1`; stores that have none take `us-east-1`
record SigV4(String accessKey, String secretKey, String region) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// The headers that a request must carry besides those in `headers`: date, digest of the payload,
    /// authorization. Everything in `headers` is signed too.
    ///
    /// @param path of the URL, encoded
    /// @param headers with lower-case names, `host` among them
    Map<String, String> headers(String method, String path, Map<String, String> headers, byte[] payload, Instant now) {
        String time = TIME.format(now);
        String digest = Digest.hex(Digest.sha256(payload));
        var signed = new TreeMap<>(headers);
        signed.put("x-amz-date", time);
        signed.put("x-amz-content-sha256", digest);

        var request = new StringBuilder(method + "\n" + path + "\n\n");
        signed.forEach((name, value) ->
                request.append(name).append(':').append(value.strip()).append('\n'));
        String names = String.join(";", signed.keySet());
        request.append('\n').append(names).append('\n').append(digest);

        String scope = time.substring(0, 8) + "/" + region + "/s3/aws4_request";
        String toSign =
                ALGORITHM + "\n" + time + "\n" + scope + "\n" + Digest.hex(Digest.sha256(utf8(request.toString())));
        byte[] key = utf8("AWS4" + secretKey);
        for (String part : List.of(time.substring(0, 8), region, "s3", "aws4_request")) key = hmac(key, part);
        String signature = HexFormat.of().formatHex(hmac(key, toSign));
        return Map.of(
                "x-amz-date",
                time,
                "x-amz-content-sha256",
                digest,
                "authorization",
                ALGORITHM + " Credential=" + accessKey + "/" + scope + ",SignedHeaders=" + names + ",Signature="
                        + signature);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "SigV4[" + accessKey + ", " + region + "]";
    }
}
