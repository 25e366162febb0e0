"""The command line's commands, one file per noun; `app.cli` lists them.

Those that start or open DocuBot import it when they run: asking a running server must not load what serves.
"""
