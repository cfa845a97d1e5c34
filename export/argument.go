package export

import (
	"context"

	"vunglom/argument"
	"vunglom/db"
	"vunglom/table"
)

// arguments are those of a file.
type arguments struct {
	*argument.Reader
	persons *db.Listing // the rows of persons that they ask for; nil: none
	listing listing     // of a file whose question reads persons itself, where who asks may see them; nil: it is no such file
}

// listing is as what a reading of persons is logged; nil: there are none for who asks.
type listing func(ctx context.Context, d *db.DB) (*db.Listing, error)

func (a *arguments) lang() table.Language {
	return table.Language(a.Choice("lang", string(table.Vietnamese), string(table.Vietnamese), string(table.English)))
}

// headers returns how columns are headed: in words, or by the API's names.
func (a *arguments) headers() table.Language {
	if lang := a.lang(); a.Choice("headers", "text", "text", "name") == "text" {
		return lang
	}
	return table.Names
}
