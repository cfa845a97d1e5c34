package db

import (
	"context"
	"errors"
	"fmt"

	"vunglom/gis"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// frame is a bundle's reference system: how its coordinates become EPSG:4326, and the box of its coordinates outside
// which nothing in Vietnam lies. The box is asked first, because far outside its domain a projection fails instead of
// answering, and one bad cell must not fail a bundle.
type frame struct {
	srid                                   int
	source                                 string // what PostGIS transforms from: a PROJ text or EPSG:n
	minimumX, minimumY, maximumX, maximumY float64
}

// geographic is WGS 84 in degrees, in which everything is stored.
const geographic = 4326

// frameOf looks the reference system up; an unknown number is an *Error.
func frameOf(ctx context.Context, tx pgx.Tx, srid int) (*frame, error) {
	f := &frame{srid: srid, source: fmt.Sprintf("EPSG:%d", srid)}
	if srid == geographic { // the box is Vietnam's own
		const wider = 0.05
		f.minimumX, f.maximumX = gis.West-wider*(gis.East-gis.West), gis.East+wider*(gis.East-gis.West)
		f.minimumY, f.maximumY = gis.South-wider*(gis.North-gis.South), gis.North+wider*(gis.North-gis.South)
		return f, nil
	}
	if text, pinned := gis.ProjText(srid); pinned {
		f.source = text
	}
	sub, err := tx.Begin(ctx) // an unknown number is an error of PostGIS's, which would end the transaction
	if err != nil {
		return nil, err
	}
	err = sub.QueryRow(ctx, importQuery("frame_box"), f.source, gis.West, gis.South, gis.East, gis.North).
		Scan(&f.minimumX, &f.minimumY, &f.maximumX, &f.maximumY)
	if rerr := sub.Rollback(ctx); rerr != nil && err == nil {
		err = rerr
	}
	var pgerr *pgconn.PgError
	if errors.As(err, &pgerr) {
		return nil, badInput("bundle.json: không dùng được hệ quy chiếu %[1]d; hãy ghi mã EPSG của toạ độ, ví dụ 4326, hay 9207 cho VN-2000 Cà Mau",
			"bundle.json: srid %[1]d is not a reference system that can be used here; give the EPSG number of the coordinates, for example 4326, or 9207 for VN-2000 Cà Mau", srid)
	}
	return f, err
}

// transform is the SQL that brings a geometry expression to EPSG:4326.
func (f *frame) transform(geometry string) string {
	if f.srid == geographic {
		return "ST_SetSRID(" + geometry + ", 4326)"
	}
	return "ST_Transform(" + geometry + ", @frame, 4326)"
}

// point is the SQL of the position of a staged row, null where lon or lat is.
func (f *frame) point() string { return f.transform("ST_MakePoint(s.lon, s.lat)") }
