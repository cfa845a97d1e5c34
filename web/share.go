package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"vunglom/quota"
)

// tileCost is what a tile takes from a client's share, in the objects that the cost of queries is counted in, kept or drawn.
const tileCost = 200

// FileCost is what a file takes: it goes through all rows of its kind.
const FileCost = 20_000

// shared answers whoever has not used up the share of a client.
func shared(o Options, cost int, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := o.Clients.Of(r)
		leave, err := client.Enter()
		if err == nil {
			defer leave()
			err = client.Spend(cost)
		}
		if err != nil {
			refuse(w, r, o.Log, err)
			return
		}
		h.ServeHTTP(w, r.WithContext(quota.With(r.Context(), client)))
	})
}

// watchClients reads what clients have taken of their shares when that is asked for. No figure names a client: who asks is
// nobody's affair.
func (m *metrics) watchClients(clients *quota.Clients) {
	figures := clients.Figures()
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "vunglom_clients", Help: "Clients whose shares are remembered."},
			func() float64 { return float64(clients.Known()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "vunglom_cost_total", Help: "Work that was asked for, in objects."},
			func() float64 { return float64(figures.Spent.Load()) }))
	for limit, refused := range map[string]func() int64{"requests": figures.RefusedAtOnce.Load, "streams": figures.Unopened.Load, "rate": figures.TooFast.Load} {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "vunglom_refused_total", Help: "Requests refused because a client had used up a share.", ConstLabels: prometheus.Labels{"limit": limit},
		}, func() float64 { return float64(refused()) }))
	}
}
