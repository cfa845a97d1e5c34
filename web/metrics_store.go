package web

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vunglom/db"
)

// stored are the figures that the database and its statements have; they are read when they are asked for.
type stored struct {
	db                                *db.DB
	count, failed, seconds            *prometheus.Desc // by statement
	up, imported, dataDay, importedNo *prometheus.Desc
	systems, taken, refused, waits    *prometheus.Desc // that are told of changes
}

func newStored(d *db.DB) *stored {
	by := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &stored{
		db:         d,
		count:      by("vunglom_db_statements_total", "Statements sent, by the file they stand in.", "statement"),
		failed:     by("vunglom_db_statement_failures_total", "Statements answered with an error.", "statement"),
		seconds:    by("vunglom_db_statement_seconds_total", "Time that statements took, until their last row was read.", "statement"),
		up:         by("vunglom_db_up", "1 where the database answers."),
		imported:   by("vunglom_dataset_imported_timestamp_seconds", "When the import landed that last changed a province.", "province"),
		dataDay:    by("vunglom_dataset_as_of_timestamp_seconds", "The day of a province's data.", "province"),
		importedNo: by("vunglom_dataset_snapshot", "Imports that changed a province.", "province"),
		systems:    by("vunglom_webhooks", "Systems that are told of changes, by where each stands: told, pending, failing, gone or given up.", "standing"),
		taken:      by("vunglom_webhook_messages_total", "Messages that they took."),
		refused:    by("vunglom_webhook_failures_total", "Messages that they did not take."),
		waits:      by("vunglom_webhook_wait_seconds", "How long the longest of those has been waiting that there is something to tell, and who are told."),
	}
}

// Describe names the figures.
func (s *stored) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.count, s.failed, s.seconds, s.up, s.imported, s.dataDay, s.importedNo, s.systems, s.taken, s.refused, s.waits} {
		to <- d
	}
}

// Collect reads them.
func (s *stored) Collect(to chan<- prometheus.Metric) {
	datasets, _, err := answering(context.Background(), s.db)
	up := 1.0
	if err != nil {
		up = 0
	}
	to <- prometheus.MustNewConstMetric(s.up, prometheus.GaugeValue, up)
	for _, d := range datasets {
		to <- prometheus.MustNewConstMetric(s.imported, prometheus.GaugeValue, float64(d.ImportedAt.Unix()), d.Province)
		to <- prometheus.MustNewConstMetric(s.dataDay, prometheus.GaugeValue, float64(d.AsOf.Unix()), d.Province)
		to <- prometheus.MustNewConstMetric(s.importedNo, prometheus.CounterValue, float64(d.Snapshot), d.Province)
	}
	if err == nil {
		s.collectWebhooks(to)
	}
	for _, f := range s.db.StatementFigures() {
		to <- prometheus.MustNewConstMetric(s.count, prometheus.CounterValue, float64(f.Count), f.Name)
		to <- prometheus.MustNewConstMetric(s.failed, prometheus.CounterValue, float64(f.Failed), f.Name)
		to <- prometheus.MustNewConstMetric(s.seconds, prometheus.CounterValue, f.Took.Seconds(), f.Name)
	}
}

// collectWebhooks tells of systems how many there are, never which.
func (s *stored) collectWebhooks(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), answeringMost)
	defer cancel()
	states, err := s.db.WebhookStates(ctx)
	if err != nil {
		return
	}
	standing, taken, refused, waits := map[string]int{}, 0.0, 0.0, 0.0
	for i := range states {
		w := &states[i]
		standing[w.Standing()]++
		taken, refused = taken+float64(w.Delivered), refused+float64(w.Failed)
		if w.Pending && w.Ended == "" {
			waits = max(waits, time.Since(*w.WrittenAt).Seconds())
		}
	}
	for _, name := range db.WebhookStandings() {
		to <- prometheus.MustNewConstMetric(s.systems, prometheus.GaugeValue, float64(standing[name]), name)
	}
	to <- prometheus.MustNewConstMetric(s.taken, prometheus.CounterValue, taken)
	to <- prometheus.MustNewConstMetric(s.refused, prometheus.CounterValue, refused)
	to <- prometheus.MustNewConstMetric(s.waits, prometheus.GaugeValue, waits)
}

// importSilence is after how long an import that nothing is heard of is not taken to be running any more: its end was told while the
// database was away.
const importSilence = 15 * time.Minute

// watchImports follows imports, whichever program runs them, until the context ends.
func (m *metrics) watchImports(ctx context.Context, d *db.DB) {
	ended := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vunglom_imports_total", Help: "Imports that ended since the program began, by how: landed, unchanged or failed."}, []string{"state"})
	took := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "vunglom_import_duration_seconds", Help: "Time that imports took.",
		Buckets: []float64{.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600}})
	for _, state := range []db.ProgressState{db.ImportLanded, db.ImportUnchanged, db.ImportFailed} {
		ended.WithLabelValues(string(state)) // 0 is told before the first
	}
	type running struct {
		province string
		began    time.Time
	}
	var mu sync.Mutex
	heard := map[running]time.Time{}
	m.registry.MustRegister(ended, took, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "vunglom_imports_running", Help: "Imports under way."}, func() float64 {
		mu.Lock()
		defer mu.Unlock()
		for which, last := range heard {
			if time.Since(last) > importSilence {
				delete(heard, which)
			}
		}
		return float64(len(heard))
	}))
	go func() {
		_ = d.FollowProgress(ctx, "", func(p db.Progress) error { // it ends with the context
			mu.Lock()
			defer mu.Unlock()
			which := running{p.Province, p.Began}
			if p.State == db.ImportRunning {
				heard[which] = time.Now()
				return nil
			}
			delete(heard, which)
			ended.WithLabelValues(string(p.State)).Inc()
			took.Observe(time.Since(p.Began).Seconds())
			return nil
		})
	}()
}
