"""What processes tell each other, by name; loaded only when chosen."""

BACKENDS = {"redis": "app.adapters.shared.redis_board:RedisBoard"}
"""`bootstrap` asks for none when one process does everything."""
