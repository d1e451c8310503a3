# The front-end packages, by their lock.
FROM node:22-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

FROM python:3.13-slim-trixie
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RESCHEDULE_DATA=/data STATIC_ROOT=/app/staticfiles
WORKDIR /app
# For `manage.py backup` and `restore`; as new as the server in compose.yaml, or newer.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=packages /app/node_modules node_modules
COPY . .
RUN useradd --system --create-home reschedule && mkdir /data && chown reschedule /data \
    && python manage.py collectstatic --noinput
USER reschedule
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "reschedule.wsgi", "--bind", "0.0.0.0:8000"]
