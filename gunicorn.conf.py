"""How gunicorn serves this project; read by itself when gunicorn is started in this folder. Its command line wins.

gunicorn reschedule.wsgi --bind 127.0.0.1:8000
"""

wsgi_app = "reschedule.wsgi"
worker_class = "reschedule.webworker.PatientWorker"
workers = 2
threads = 8
# A worker that gives no sign of life for so long is replaced; requests being answered get as long when it restarts.
timeout = 60
graceful_timeout = 30
# As long as a proxy on the same machine keeps its lines open; it is the client then, and there are few of it.
keepalive = 75
worker_connections = 2000
# Heads of requests: our longest address is far shorter, and cookies are three.
limit_request_line = 4094
limit_request_fields = 60
# No access log unless asked for (--access-logfile -). Customers' keys are taken out of it: reschedule.logs.
accesslog = None
