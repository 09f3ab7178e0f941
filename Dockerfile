# Footnote as a container: `docker build -t footnote:0.3.0 .`, then `docker compose up` (compose.yaml) or
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v footnote:/data -p 127.0.0.1:8600:8600 footnote:0.3.0
# Building needs a package registry; what is built runs without a network.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
RUN python3 -m venv /tools && /tools/bin/pip install --quiet --no-cache-dir uv==0.13.9
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
# The lock is a constraint here, hashes included: it also pins what only developers need, which stays out.
COPY requirements.lock pyproject.toml ./
RUN /tools/bin/uv venv --quiet --no-project --python python3 /opt/footnote && \
    /tools/bin/uv pip install --quiet --python /opt/footnote/bin/python --require-hashes --constraint requirements.lock \
      --requirement pyproject.toml --extra postgres
COPY . .
RUN /tools/bin/uv pip install --quiet --python /opt/footnote/bin/python --no-deps .
# One question is asked while the image is built. So the modules that an answer needs are compiled, which a read-only image could
# not do at each start, and the embedding model's graph is there. Without the model the build fails.
RUN export HOME=/tmp FOOTNOTE_HOME=/tmp/home FOOTNOTE_CACHE=/cache && \
    /opt/footnote/bin/footnote ingest seeds && /opt/footnote/bin/footnote ask "Who translated the op-ed?" && \
    /opt/footnote/bin/python -c "import bot.serving.app, bot.serving.mcp_server, bot.ui.serve, streamlit.starlette, psycopg"

FROM ${PYTHON}
LABEL org.opencontainers.image.title="Footnote" org.opencontainers.image.licenses="MIT"
# A number and no name, so that an orchestrator can see that it is not root.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/footnote /opt/footnote
# A new volume begins with what the image has in its folder.
COPY --from=build --chown=10001:10001 /cache /data/cache
ENV PATH=/opt/footnote/bin:$PATH \
    HOME=/tmp \
    FOOTNOTE_HOME=/data/home \
    FOOTNOTE_CACHE=/data/cache \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8600 8501 8601
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/healthz', timeout=8)"]
ENTRYPOINT ["footnote"]
CMD ["serve", "--host", "0.0.0.0"]
