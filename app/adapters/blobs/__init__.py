"""Where uploaded bytes lie, by name; loaded only when chosen."""

BACKENDS = {
    "local": "app.adapters.blobs.local:LocalBlobs",
    "s3": "app.adapters.blobs.s3:S3Blobs",
    "telling": "app.adapters.blobs.telling:TellingBlobs",
}
