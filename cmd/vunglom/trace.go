package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// traceGrace is how long the last spans may take to be sent when the program ends.
const traceGrace = 5 * time.Second

// startTracing sends spans to where OpenTelemetry's own settings say, by OTLP over HTTP: OTEL_EXPORTER_OTLP_ENDPOINT or
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. Without one of them nothing is traced. The returned function sends what is left.
func startTracing(ctx context.Context) (stop func(), err error) {
	named := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	if !named || os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return func() {}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT: %w", err)
	}
	// What the environment names comes last, and holds.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(attribute.String("service.name", "vunglom"),
		attribute.String("service.version", programVersion())), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(discreet{exporter}), trace.WithResource(about))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { slog.WarnContext(ctx, "spans could not be sent", "error", err) }))
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceGrace)
		defer cancel()
		if err := errors.Join(provider.ForceFlush(ctx), provider.Shutdown(ctx)); err != nil {
			slog.WarnContext(ctx, "the last spans could not be sent", "error", err)
		}
	}, nil
}

// discreet is an exporter of spans that leaves the words of errors out: PostgreSQL's can repeat what it was asked with. Their codes stay,
// and the log has the words.
type discreet struct{ trace.SpanExporter }

// ExportSpans sends spans.
func (d discreet) ExportSpans(ctx context.Context, spans []trace.ReadOnlySpan) error {
	kept := slices.Clone(spans)
	for i := range kept {
		kept[i] = wordless{kept[i]}
	}
	return d.SpanExporter.ExportSpans(ctx, kept)
}

// wordless is a span without the words of its errors.
type wordless struct{ trace.ReadOnlySpan }

// Events returns none: errors are all that is recorded as events.
func (wordless) Events() []trace.Event { return nil }

// Status returns whether it failed.
func (w wordless) Status() trace.Status { return trace.Status{Code: w.ReadOnlySpan.Status().Code} }
