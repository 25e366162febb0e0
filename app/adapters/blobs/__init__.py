"""Where uploaded bytes lie, by name; loaded only when chosen."""

BACKENDS = {
    "local": "app.adapters.blobs.local:LocalBlobs",
    "telling": "app.adapters.blobs.telling:TellingBlobs",
}
