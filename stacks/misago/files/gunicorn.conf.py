"""gunicorn for both Django services. Each gives its own --bind; WEB_CONCURRENCY sets the worker processes."""

import os

worker_class = "gthread"  # the sync worker cannot keep a connection to nginx open
threads = int(os.environ.get("GUNICORN_THREADS", "4"))
worker_tmp_dir = "/dev/shm"  # the heartbeat file: memory, never a disk that may stall

timeout = 60  # nginx waits 65 seconds
graceful_timeout = 30
keepalive = 75  # longer than nginx keeps an idle connection (30 seconds)

# Workers are replaced now and then, at different times, against slow leaks.
max_requests = 2000
max_requests_jitter = 400

# Only nginx reaches this port (NetworkPolicy), so its X-Forwarded-Proto can be believed.
forwarded_allow_ips = "*"

# nginx logs every request.
accesslog = None
errorlog = "-"
