package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"strconv"
	"strings"
	"testing"
)

// figure is what the API says of a unit of a map.
type figure struct {
	Code, Name, FullName       string
	Value, ShareLow, ShareHigh *float64
	Class                      *int
	GapHouseholds              *float64
	Addresses, Teams, Members  float64
	Remote                     bool
}

type class struct {
	Lower, Upper float64
	Count        int
	Color        colour
}

type answeredMap struct {
	UnitCount int
	Legend    []class
	Figures   []figure
}

// none is how many units have no data.
func (m answeredMap) none() (n int) {
	for _, f := range m.Figures {
		if f.Value == nil {
			n++
		}
	}
	return n
}

func (m answeredMap) of(code string) figure {
	for _, f := range m.Figures {
		if f.Code == code {
			return f
		}
	}
	return figure{}
}

// coverageMap asks the API for a map. The day has to be given: where the dashboard takes the last of the data, the API takes today.
func (d *demo) coverageMap(t *testing.T, input map[string]any) answeredMap {
	t.Helper()
	var answer struct {
		CoverageMap struct {
			answeredMap
			Features struct {
				Features []struct{ Properties json.RawMessage }
			}
		}
	}
	asked := map[string]any{"within": map[string]string{"level": "PROVINCE", "code": province}, "level": "COMMUNE", "zoom": 0}
	for name, value := range input {
		asked[name] = value
	}
	d.ask(t, &answer, `query ($input: CoverageMapInput!) { coverageMap(input: $input) { unitCount legend { lower upper count color } features } }`, map[string]any{"input": asked})
	m := answer.CoverageMap.answeredMap
	for _, feature := range answer.CoverageMap.Features.Features {
		var f figure
		if err := json.Unmarshal(feature.Properties, &f); err != nil {
			t.Fatal(err)
		}
		m.Figures = append(m.Figures, f)
	}
	if len(m.Figures) != m.UnitCount || m.UnitCount == 0 {
		t.Fatalf("the API has %d figures of %d units", len(m.Figures), m.UnitCount)
	}
	return m
}

// legend waits until the legend counts what the API counts, class by class, and then those without data.
func (v *visit) legend(m answeredMap, write func(float64) string) {
	v.Helper()
	var lines []string
	for _, c := range m.Legend {
		lines = append(lines, fmt.Sprintf("%s – %s\t%d", write(c.Lower), write(c.Upper), c.Count))
	}
	lines = append(lines, v.say("data.none")+"\t"+strconv.Itoa(m.none()))
	v.legendLines(lines)
}

func (v *visit) legendLines(lines []string) {
	v.Helper()
	v.Eventually(func() error {
		var said []string
		v.Eval(&said, `[...document.querySelector('.legend ul').children].map((one) => [...one.querySelectorAll('span,b')].map((part) => part.textContent.replace(/[\u00a0\u202f]/g, ' ')).join('\t'))`)
		if strings.Join(said, "\n") != strings.Join(lines, "\n") {
			return fmt.Errorf("the legend says %q, not %q", said, lines)
		}
		return nil
	})
}

// camera is where a map looks, and how large it is in the window.
type camera struct {
	longitude, latitude, zoom float64
	left, top, width, height  float64
}

// look opens the dashboard with the camera somewhere and tells what is where.
func (v *visit) look(longitude, latitude, zoom float64, query string) camera {
	v.Helper()
	v.open(fmt.Sprintf("at=%.4f,%.4f,%.2f&%s", longitude, latitude, zoom, query))
	return v.cameraAt(longitude, latitude, zoom)
}

func (v *visit) cameraAt(longitude, latitude, zoom float64) camera {
	v.Helper()
	var box []float64
	v.Eval(&box, `(() => { const box = document.querySelector('.map canvas').getBoundingClientRect(); return [box.left, box.top, box.width, box.height] })()`)
	return camera{longitude, latitude, zoom, box[0], box[1], box[2], box[3]}
}

// cameraOfAll looks at the whole province, in a window that has not been opened yet.
func (v *visit) cameraOfAll() camera {
	return camera{middleLongitude, middleLatitude, v.whole(), 0, 0, float64(v.screen.Width), float64(v.screen.Height)}
}

// pixel is where a place lies on the map's canvas, by the Web Mercator projection with 512 pixels for the world at zoom 0.
func (c camera) pixel(longitude, latitude float64) (x, y float64) {
	world := 512 * math.Exp2(c.zoom)
	across := func(longitude float64) float64 { return (longitude + 180) / 360 }
	down := func(latitude float64) float64 {
		return 0.5 - math.Log(math.Tan(math.Pi/4+latitude*math.Pi/360))/(2*math.Pi)
	}
	return c.width/2 + (across(longitude)-across(c.longitude))*world, c.height/2 + (down(latitude)-down(c.latitude))*world
}

// ground is the place at a pixel of the canvas: the reverse of pixel.
func (c camera) ground(x, y float64) (longitude, latitude float64) {
	world := 512 * math.Exp2(c.zoom)
	down := 0.5 - math.Log(math.Tan(math.Pi/4+c.latitude*math.Pi/360))/(2*math.Pi) + (y-c.height/2)/world
	return c.longitude + (x-c.width/2)/world*360, math.Atan(math.Sinh(math.Pi*(1-2*down))) * 180 / math.Pi
}

func (c camera) inside(x, y float64) bool { return x > 4 && y > 4 && x < c.width-4 && y < c.height-4 }

// place is a point of the ground.
type place struct{ longitude, latitude float64 }

// inside is points inside a unit's polygon on a day, the same ones every time.
func (d *demo) inside(t *testing.T, level, day string) map[string][]place {
	t.Helper()
	rows, err := d.rows.QueryContext(t.Context(), `select u.code, st_x(point.geom), st_y(point.geom)
		from unit u join polygon g on g.province = u.province and g.id = u.drawn_id,
		lateral st_dump(st_generatepoints(g.geometry, 40, 1)) point
		where u.province = $1 and u.level = $2 and u.valid @> $3::date`, province, level, day)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	points := map[string][]place{}
	for rows.Next() {
		var code string
		var p place
		if err := rows.Scan(&code, &p.longitude, &p.latitude); err != nil {
			t.Fatal(err)
		}
		points[code] = append(points[code], p)
	}
	if err := rows.Err(); err != nil || len(points) == 0 {
		t.Fatal(len(points), err)
	}
	return points
}

type colour [3]int

func hex(t *testing.T, text string) (c colour) {
	t.Helper()
	if err := c.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return c
}

// UnmarshalText reads a colour as the API writes it, such as #0072b2.
func (c *colour) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "#%02x%02x%02x", &c[0], &c[1], &c[2])
	return err
}

// near tells whether two colours look the same.
func (c colour) near(other colour, by int) bool {
	for i := range c {
		if c[i]-other[i] > by || other[i]-c[i] > by {
			return false
		}
	}
	return true
}

// unseen is what a place has where something lies over the map.
var unseen = colour{-1, -1, -1}

// colours tells what is seen of the map at places.
func (v *visit) colours(c camera, places []place) []colour {
	v.Helper()
	at := make([][2]int, len(places))
	for i, p := range places {
		x, y := c.pixel(p.longitude, p.latitude)
		at[i] = [2]int{int(c.left + x), int(c.top + y)}
	}
	var free []bool
	v.Eval(&free, `%s.map(([x, y]) => document.elementFromPoint(x, y)?.matches('.map canvas') ?? false)`, at)
	picture := v.picture()
	seen := make([]colour, len(places))
	for i, spot := range at {
		seen[i] = unseen
		if free[i] {
			seen[i] = colourAt(picture, spot[0], spot[1])
		}
	}
	return seen
}

// picture is what is seen, pixel by pixel.
func (v *visit) picture() image.Image {
	v.Helper()
	picture, err := png.Decode(bytes.NewReader(v.Picture()))
	if err != nil {
		v.Fatal(err)
	}
	return picture
}

func colourAt(picture image.Image, x, y int) colour {
	r, g, b, _ := picture.At(x, y).RGBA()
	return colour{int(r >> 8), int(g >> 8), int(b >> 8)}
}
