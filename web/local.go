package web

import (
	"net/http"

	"vunglom/access"
)

// local says of every request that it comes from the program's own machine.
func local(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(access.With(r.Context(), access.Local())))
	})
}
