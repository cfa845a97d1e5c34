package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"vunglom/db"
)

// metrics counts requests by route, so that no path a client makes up becomes a label.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	current  prometheus.Gauge
}

func newMetrics(d *db.DB) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vunglom_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vunglom_http_request_duration_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		current: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "vunglom_http_requests_in_flight", Help: "Requests being answered now.",
		}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.current,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.watchPool(d)
	m.registry.MustRegister(newStored(d))
	return m
}

// watchPool reads the pool's figures when they are asked for.
func (m *metrics) watchPool(d *db.DB) {
	gauge := func(name, help string, value func(db.PoolFigures) float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(d.PoolFigures()) }))
	}
	counter := func(name, help string, value func(db.PoolFigures) float64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return value(d.PoolFigures()) }))
	}
	gauge("vunglom_db_connections_open", "Connections to the database.", func(f db.PoolFigures) float64 { return float64(f.Open) })
	gauge("vunglom_db_connections_busy", "Connections in use.", func(f db.PoolFigures) float64 { return float64(f.Busy) })
	gauge("vunglom_db_connections_most", "Connections that may be open.", func(f db.PoolFigures) float64 { return float64(f.Most) })
	counter("vunglom_db_waits_total", "Times that a connection had to be waited for.", func(f db.PoolFigures) float64 { return float64(f.Waits) })
	counter("vunglom_db_wait_seconds_total", "Time spent waiting for a connection.", func(f db.PoolFigures) float64 { return f.WaitDuration.Seconds() })
}

// watchTiles counts tiles by layer and by where each came from: "cache", "drawn", or "shared" with another client who
// waited for the same one. It returns what counts one.
func (m *metrics) watchTiles(cache *tileCache) func(layer, from string) {
	counted := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vunglom_tiles_total", Help: "Tiles answered."}, []string{"layer", "from"})
	m.registry.MustRegister(counted, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "vunglom_tile_cache_bytes", Help: "Memory that kept tiles take."},
		func() float64 { return float64(cache.size()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "vunglom_tile_cache_tiles", Help: "Tiles kept, and what tiles are cut from."},
			func() float64 { held, _ := cache.counts(); return float64(held) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "vunglom_tile_cache_evictions_total", Help: "Tiles given up to make room for others."},
			func() float64 { _, given := cache.counts(); return float64(given) }))
	return func(layer, from string) { counted.WithLabelValues(layer, from).Inc() }
}

// watchSubscriptions reads how many subscriptions are open when that is asked for.
func (m *metrics) watchSubscriptions(open func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "vunglom_subscriptions_open", Help: "Subscriptions being answered now, over WebSockets and as server-sent events.",
	}, func() float64 { return float64(open()) }))
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true}) // compressed as all else is
}

// measured counts what a handler answers, under the name of its route.
func (m *metrics) measured(route string, h http.Handler) http.Handler {
	duration := m.duration.WithLabelValues(route)
	traced := otel.Tracer("vunglom/web")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started, seen := time.Now(), &watched{ResponseWriter: w}
		// A span says as little of who asked about whom as a line of the log.
		ctx, span := traced.Start(otel.GetTextMapPropagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header)), method(r.Method)+" "+route,
			trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("http.request.method", method(r.Method)),
				attribute.String("http.route", route), attribute.String("vunglom.request", RequestID(r.Context()))))
		r = r.WithContext(ctx)
		m.current.Inc()
		defer func() {
			m.current.Dec()
			span.SetAttributes(attribute.Int("http.response.status_code", seen.status))
			if seen.status >= http.StatusInternalServerError {
				span.SetStatus(codes.Error, "")
			}
			span.End()
			if !seen.streams() { // its duration is its client's affair
				duration.Observe(time.Since(started).Seconds())
			}
			m.requests.WithLabelValues(route, method(r.Method), strconv.Itoa(seen.status)).Inc()
		}()
		h.ServeHTTP(seen, r)
	})
}

// method keeps made-up methods out of the labels.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
		return name
	}
	return "other"
}
