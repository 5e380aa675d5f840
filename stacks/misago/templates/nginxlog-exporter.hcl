// Turns the access log that nginx sends over the loopback interface into metrics on port 4040.
//   nginx_http_response_count_total, nginx_http_response_size_bytes, nginx_http_request_size_bytes
//   nginx_http_response_time_seconds_hist_{bucket,sum,count}, nginx_http_upstream_time_seconds_hist_{bucket,sum,count}
//   nginx_parse_errors_total
// Every series carries request_uri, method and status; Prometheus adds namespace and pod.

listen {
  port             = 4040
  metrics_endpoint = "/metrics"
}

namespace "nginx" {
  // The log_format `exporter` of nginx.conf.
  format = "\"$request\" $status $body_bytes_sent $request_length $request_time \"$upstream_response_time\""

  source {
    syslog {
      listen_address = "udp://127.0.0.1:5531"
      format         = "rfc3164"
      tags           = ["nginx"]
    }
  }

  histogram_buckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30]

  // The path, collapsed to a fixed set of names: what people type must not become a series each. The first match wins, and
  // each one covers the whole path, because only what matched is replaced. Ids and slugs become :id and :slug.
  relabel "request_uri" {
    from  = "request"
    split = 2

    // Signing in: the API answers 400 to a wrong password, the admin panel answers 200 with its form again and 302 on success.
    match "^/api/auth/?$" { replacement = "/api/auth/" }
    match "^/api/auth/.*$" { replacement = "/api/auth/:action/" }
    match "^/admincp/?$" { replacement = "/admincp/" }
    match "^/admincp/.*$" { replacement = "/admincp/:page/" }

    // POST /api/threads/ and POST /c/:slug/start-thread/ create a thread (which one depends on the version of Misago).
    match "^/api/threads/?$" { replacement = "/api/threads/" }
    match "^/c/.*/start-thread/?$" { replacement = "/c/:slug/start-thread/" }
    match "^/api/threads/[0-9]+/posts/?$" { replacement = "/api/threads/:id/posts/" }
    match "^/api/threads/[0-9]+/posts/.*$" { replacement = "/api/threads/:id/posts/:id/" }
    match "^/api/threads/.*$" { replacement = "/api/threads/:id/" }
    match "^/api/private-threads(/.*)?$" { replacement = "/api/private-threads/" }
    match "^/api/users(/.*)?$" { replacement = "/api/users/" }
    match "^/api/search(/.*)?$" { replacement = "/api/search/" }
    match "^/api/attachments(/.*)?$" { replacement = "/api/attachments/" }
    match "^/api(/.*)?$" { replacement = "/api/:other/" }

    match "^/$" { replacement = "/" }
    match "^/t/.*$" { replacement = "/t/:slug/" }
    match "^/c/.*$" { replacement = "/c/:slug/" }
    match "^/u/.*$" { replacement = "/u/:slug/" }
    match "^/a/.*$" { replacement = "/a/:attachment/" }
    match "^/(threads|categories|users|private-threads|search|options)(/.*)?$" { replacement = "/$1/" }

    match "^/static(/.*)?$" { replacement = "/static/" }
    match "^/media(/.*)?$" { replacement = "/media/" }
    match "^/promopage(/.*)?$" { replacement = "/promopage/" }

    match "^.*$" { replacement = "other" }
  }
}
