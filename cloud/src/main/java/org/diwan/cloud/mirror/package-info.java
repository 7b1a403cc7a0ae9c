/// Published files of the ledger in an S3-compatible object store ([org.diwan.cloud.mirror.S3Store]);
/// which files, and in which order, is decided by [org.diwan.sovereignty.ledger.Mirror].
///
/// Two operations of one protocol, so no client library: Amazon's SDK for S3 is 12 MB of jars with its
/// own HTTP stack, MinIO's brings OkHttp and Kotlin; here is a signature over one request
/// ([org.diwan.cloud.mirror.SigV4]) and the JDK's client.
@NullMarked
package org.diwan.cloud.mirror;

import org.jspecify.annotations.NullMarked;
