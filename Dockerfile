# KetaPath in a box: a slim Python, an unprivileged user, nothing to write to but /tmp.
#   docker compose up --build       then http://127.0.0.1:8501
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
COPY requirements.lock .
# As `make run`: from the lock alone. Without pip in it: what runs later can install nothing.
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
      -r requirements.lock

FROM python:${PYTHON}-slim
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore setuptools wheel pip \
 && rm -r /usr/local/lib/python*/ensurepip \
 && useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ketapath
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH HOME=/tmp HOST=0.0.0.0 PORT=8501 PYTHONUNBUFFERED=1
WORKDIR /app
COPY app.py LICENSE ./
COPY .streamlit .streamlit
COPY rules rules
COPY wizard wizard
# Compiled now, since it cannot be later. The parsed copy of the rule book is believed only by whoever made it.
RUN python -m compileall -q app.py rules wizard && install --directory --owner=ketapath .cache
USER ketapath
RUN python -c "from rules import load_rules; load_rules()"
ENV PYTHONDONTWRITEBYTECODE=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
  ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/_stcore/health', timeout=3)"]
# As `make run`; inside a box nobody edits files, so none are watched.
CMD ["sh", "-c", "exec python -m streamlit run app.py --server.address $HOST --server.port $PORT --server.fileWatcherType none"]
