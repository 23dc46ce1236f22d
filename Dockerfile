# One image for every part of an installation; the command says which part it is.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
# Values for this one command: production settings refuse to load without them.
RUN SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build \
    ALIGN_URL=https://build ALLOWED_HOSTS=build EMAIL_URL=consolemail:// \
    python manage.py collectstatic --noinput \
    && python -m compileall -q align strategy training feedback

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 ALIGN_MODE=production
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=8", "--http=1", "--no-ws", "--http1-header-read-timeout=10000", "--workers-kill-timeout=8", "--log-level=error", "align.wsgi:application"]
