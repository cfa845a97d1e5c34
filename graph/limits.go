package graph

import "time"

// Limits keep one request from taking what belongs to all. A zero field means its default.
type Limits struct {
	BodyBytes  int64         // of a request; default 1 MiB
	Upload     int64         // bytes of a request with a file; default 2 GiB
	Tokens     int           // of a query's text; default 10,000
	Depth      int           // of nested fields, introspection aside; default 15
	Aliases    int           // fields that a query renames; default 100
	RootFields int           // of a query; default 20
	Page       int           // items of a page; default 1,000, which is also the most that the schema allows
	Cost       int           // of a query, in objects that its answer may hold; default 100,000
	Timeout    time.Duration // of a request, its statements included; default 30 s

	Connections   int // that hold subscriptions, at a time; default 1,000
	Subscriptions int // of a WebSocket, at a time; default 20
}

// DefaultLimits returns the limits of a server that no one has told otherwise. A page of 190
// units with everything there is to know of them (50 children and 50 teams of each, with what
// those serve) may hold 98,000 objects; a page of 1,000 with parents, coverage, services,
// remoteness and 50 teams 57,000.
func DefaultLimits() Limits {
	return Limits{BodyBytes: 1 << 20, Upload: 2 << 30, Tokens: 10_000, Depth: 15, Aliases: 100, RootFields: 20, Page: maxFirst, Cost: 100_000, Timeout: 30 * time.Second,
		Connections: 1000, Subscriptions: 20}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	l.BodyBytes = either(l.BodyBytes, d.BodyBytes)
	l.Upload = either(l.Upload, d.Upload)
	l.Tokens = either(l.Tokens, d.Tokens)
	l.Depth = either(l.Depth, d.Depth)
	l.Aliases = either(l.Aliases, d.Aliases)
	l.RootFields = either(l.RootFields, d.RootFields)
	l.Page = either(l.Page, d.Page)
	l.Cost = either(l.Cost, d.Cost)
	l.Timeout = either(l.Timeout, d.Timeout)
	l.Connections = either(l.Connections, d.Connections)
	l.Subscriptions = either(l.Subscriptions, d.Subscriptions)
	return l
}

func either[T comparable](given, otherwise T) T {
	var none T
	if given == none {
		return otherwise
	}
	return given
}
