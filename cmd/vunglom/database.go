package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vunglom/db"
)

// stopGrace is how long the private database may take to write everything when it stops.
const stopGrace = time.Minute

// store is the database a command works on, and the private server where there is one.
type store struct {
	*db.DB
	url    string
	server *db.Server // nil: the server of DATABASE_URL
}

// openStore connects to the database of the settings, starting the private server if none is
// named. The private one is brought to this version's schema; a named one is somebody's own,
// and is changed only by migrate and demo.
func (s *Settings) openStore(ctx context.Context) (*store, error) {
	st, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if st.server != nil {
		err = st.Migrate(ctx)
	} else {
		err = st.CheckSchema(ctx)
	}
	if errors.Is(err, db.ErrNotMigrated) {
		err = fmt.Errorf("%w; hãy chạy · run: vunglom migrate", err)
	}
	if err != nil {
		return nil, errors.Join(err, st.close(ctx))
	}
	return st, nil
}

// connect is openStore without a look at the schema.
func (s *Settings) connect(ctx context.Context) (*store, error) {
	st := &store{url: s.DatabaseURL}
	if st.url == "" {
		began := time.Now()
		server, err := db.StartServer(ctx, s.server())
		if err != nil {
			return nil, err
		}
		st.server, st.url = server, server.URL()
		slog.DebugContext(ctx, "private database ready", "joined", server.Joined(), "took", time.Since(began))
	}
	d, err := db.Open(ctx, st.url)
	if err != nil {
		return nil, errors.Join(err, st.close(ctx))
	}
	st.DB, d.ErasureKey = d, s.erasureKey()
	return st, nil
}

// close ends the connections and the private server. It does so in its own time when the
// command's context has been cancelled.
func (st *store) close(ctx context.Context) error {
	if st.DB != nil {
		st.Close()
	}
	if st.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	return st.server.Stop(ctx)
}
