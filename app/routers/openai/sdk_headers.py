"""Headers of the official SDK in a browser, where chat front ends run it: CORS has to name them."""

from app.routers.openai.parameters import IGNORED

SENT = (
    "OpenAI-Beta",
    "OpenAI-Organization",
    "OpenAI-Project",
    *(
        f"X-Stainless-{name}"
        for name in (
            "Arch",
            "Custom-Poll-Interval",
            "Helper-Method",
            "Lang",
            "OS",
            "Package-Version",
            "Poll-Helper",
            "Retry-Count",
            "Runtime",
            "Runtime-Version",
            "Timeout",
        )
    ),
)
READ = ("OpenAI-Poll-After-Ms", IGNORED)
