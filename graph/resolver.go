// Package graph is the GraphQL edge: a handler for /graphql and one resolver file a noun. A
// resolver checks what it is given, asks the database, and returns; nothing here knows SQL,
// and nothing outside knows gqlgen.
package graph

import (
	"time"

	"vunglom/db"
	"vunglom/graph/generated"
)

// root holds what every resolver needs.
type root struct {
	db  *db.DB
	now func() time.Time

	patience time.Duration // how long a subscription may take to begin
}

func (r *root) today() time.Time { return db.Today(r.now()) }

// The resolvers of each type; their methods stand in the file of the noun.
type (
	queryResolver      struct{ *root }
	grantResolver      struct{ *root }
	unitResolver       struct{ *root }
	teamResolver       struct{ *root }
	addressResolver    struct{ *root }
	coverageResolver   struct{ *root }
	gapResolver        struct{ *root }
	gapAreasResolver   struct{ *root }
	gapAreaResolver    struct{ *root }
	qualityResolver    struct{ *root }
	successionResolver struct{ *root }
	reportResolver     struct{ *root }
	importResolver     struct{ *root }

	mutationResolver     struct{ *root }
	subscriptionResolver struct{ *root }
)

// Query returns the resolvers of the entry points.
func (r *root) Query() generated.QueryResolver { return queryResolver{r} }

// Mutation returns the resolvers of what changes the data.
func (r *root) Mutation() generated.MutationResolver { return mutationResolver{r} }

// Subscription returns the resolvers of what is sent when it happens.
func (r *root) Subscription() generated.SubscriptionResolver { return subscriptionResolver{r} }

// Grant returns the resolvers of a right and where it holds.
func (r *root) Grant() generated.GrantResolver { return grantResolver{r} }

// AdminUnit returns the resolvers of an administrative unit.
func (r *root) AdminUnit() generated.AdminUnitResolver { return unitResolver{r} }

// Succession returns the resolvers of what passed between two units.
func (r *root) Succession() generated.SuccessionResolver { return successionResolver{r} }

// Team returns the resolvers of a team.
func (r *root) Team() generated.TeamResolver { return teamResolver{r} }

// Address returns the resolvers of an address.
func (r *root) Address() generated.AddressResolver { return addressResolver{r} }

// Coverage returns the resolvers of a coverage.
func (r *root) Coverage() generated.CoverageResolver { return coverageResolver{r} }

// CoverageGap returns the resolvers of a gap.
func (r *root) CoverageGap() generated.CoverageGapResolver { return gapResolver{r} }

// GapAreas returns the resolvers of an answer about gap areas.
func (r *root) GapAreas() generated.GapAreasResolver { return gapAreasResolver{r} }

// GapArea returns the resolvers of a gap area.
func (r *root) GapArea() generated.GapAreaResolver { return gapAreaResolver{r} }

// Report returns the resolvers of a report.
func (r *root) Report() generated.ReportResolver { return reportResolver{r} }

// QualityCheck returns the resolvers of a kind of defect.
func (r *root) QualityCheck() generated.QualityCheckResolver { return qualityResolver{r} }

// ImportReport returns the resolvers of what became of a bundle's rows.
func (r *root) ImportReport() generated.ImportReportResolver { return importResolver{r} }
