"""Ways to reach webhooks by name; loaded when chosen."""

BACKENDS = {
    "http": "app.adapters.webhooks.http:HttpTargets",
}
