# DocuBot in one container. Build: docker build -t docubot .
# A key: docker run --rm -v docubot:/srv/docubot/data docubot .venv/bin/python -m app.cli keys create --name me --scopes admin
# Run: docker run -p 8000:8000 -v docubot:/srv/docubot/data docubot

FROM node:22-slim AS web
WORKDIR /web
COPY web/ ./
RUN if [ -f package.json ]; then npm install --no-save && npm run build; else mkdir dist; fi

FROM python:3.12-slim AS packages
WORKDIR /srv/docubot
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY app/ app/
RUN .venv/bin/python -m app.adapters.embeddings.build /srv/docubot/models-build

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /srv/docubot docubot
WORKDIR /srv/docubot
COPY --from=packages /srv/docubot/.venv .venv
COPY app/ app/
COPY data/samples/ samples/
COPY --from=web /web/dist/ web/dist/
COPY --from=packages --chown=docubot /srv/docubot/models-build/ data/var/
RUN chown docubot data data/var
USER docubot
# 0.0.0.0 is the container's own, and guarded: whoever decides what `docker run -p` publishes makes a key, or says AUTH=off.
ENV HOST=0.0.0.0 DATA_DIR=/srv/docubot/data/var PYTHONUNBUFFERED=1
VOLUME /srv/docubot/data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD [".venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"PORT\", 8000)}/health', timeout=4)"]
CMD [".venv/bin/python", "-m", "app.cli", "serve"]
