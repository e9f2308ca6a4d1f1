"""The proxies that are compared, each with its configuration."""
import json
import os

HAPROXY = """
global
  nbthread 1
  maxconn 9000
defaults
  mode tcp
  timeout connect 5s
  timeout client 5m
  timeout server 5m
frontend mail
  bind 127.0.0.1:{port} backlog 4096
  # What an operator has against abuse; the bench never reaches a limit.
  stick-table type ip size 100k expire 10m store conn_cur,conn_rate(1m)
  tcp-request connection track-sc0 src
  default_backend pool
backend pool
  balance roundrobin
{servers}
"""

NGINX_HEAD = """
load_module /usr/lib/nginx/modules/ngx_{kind}_module.so;
daemon off;
worker_processes 1;
worker_rlimit_nofile 18000;
user www-data;
pid {folder}/nginx-{kind}.pid;
error_log {folder}/nginx-{kind}.err error;
events {{ worker_connections 17000; }}
"""

NGINX_STREAM = NGINX_HEAD + """
stream {{
  upstream pool {{ {servers} }}
  proxy_timeout 5m;
  tcp_nodelay on;
  server {{ listen 127.0.0.1:{port} backlog=4096; proxy_pass pool; }}
}}
"""

# It asks a web server for each message where it shall go: one of its own, as cheap as can be. With its stock buffers a message of more
# than 4 KiB waits 40 ms for a delayed acknowledgement; 64k is what an operator would set who has noticed.
NGINX_MAIL = NGINX_HEAD + """
http {{
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  split_clients "$request_id" $server_port_of {{ 33.3% {ports[0]}; 33.3% {ports[1]}; * {ports[2]}; }}
  server {{
    listen 127.0.0.1:{auth} backlog=4096;
    location / {{ add_header Auth-Status OK; add_header Auth-Server 127.0.0.1; add_header Auth-Port $server_port_of; return 200 ""; }}
  }}
}}
mail {{
  server_name bench.example.org;
  auth_http 127.0.0.1:{auth}/;
  xclient off;
  timeout 5m;
  smtp_auth none;
  smtp_client_buffer 64k;
  proxy_buffer 64k;
  smtp_capabilities "SIZE 52428800" "8BITMIME" "ENHANCEDSTATUSCODES";
  server {{ listen 127.0.0.1:{port} backlog=4096; protocol smtp; }}
}}
"""


def ours(transport, has_affinity, port, ports):
    """Everything on, as by default; only limits of number are lifted, for all load comes
    from one client address and one sender, who has one server: without affinity he has all
    three, as behind the other peers."""
    return json.dumps({"SmtpProxy": {
        "Transport": transport,
        "Listeners": {"mx": {
            "Address": f"127.0.0.1:{port}", "Hostname": "bench.example.org",
            "Limits": {"MaxConnections": 50000, "MaxConnectionsPerClient": 50000}}},
        "Clusters": {"pool": {
            "SessionAffinity": {"Enabled": has_affinity},
            "Connection": {"MaxConnections": 10000},
            "Destinations": {f"s{i}": {"Address": f"127.0.0.1:{p}"} for i, p in enumerate(ports, 1)}}},
    }}, indent=2)


def runner(program):
    """What runs a program of ours: the build's by dotnet, a published one by itself."""
    return ["dotnet", program] if program.endswith(".dll") else [program]


def command(name, port, auth, ports, folder, program):
    """Writes the configuration of a peer; returns how it is started."""
    path = os.path.join(folder, name + ".conf")
    if name == "haproxy":
        servers = "\n".join(f"  server s{i} 127.0.0.1:{p}" for i, p in enumerate(ports, 1))
        text, start = HAPROXY.format(port=port, servers=servers), ["haproxy", "-db", "-f", path]
    elif name == "nginx-stream":
        servers = " ".join(f"server 127.0.0.1:{p};" for p in ports)
        text, start = NGINX_STREAM.format(kind="stream", folder=folder, port=port, servers=servers), ["nginx", "-c", path]
    elif name == "nginx-mail":
        text, start = NGINX_MAIL.format(kind="mail", folder=folder, port=port, auth=auth, ports=ports), ["nginx", "-c", path]
    else:
        transport = "Sockets" if name == "ours-sockets" else "Epoll"
        text, start = ours(transport, name != "ours-no-affinity", port, ports), [*runner(program), "run", "--config", path]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return start


ALL = ("haproxy", "nginx-stream", "nginx-mail", "ours-sockets", "ours-epoll", "ours-no-affinity")
