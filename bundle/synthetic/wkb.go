package synthetic

import (
	"encoding/binary"
	"math"
)

// wkb encodes a shape as ISO WKB, little-endian: a Polygon, or a MultiPolygon if it is in
// several pieces.
func (s shape) wkb() []byte {
	if len(s) == 0 {
		return nil
	}
	var b []byte
	if len(s) > 1 {
		b = append(b, 1)
		b = binary.LittleEndian.AppendUint32(b, 6)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	}
	for _, p := range s {
		b = append(b, 1)
		b = binary.LittleEndian.AppendUint32(b, 3)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		for _, r := range p {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(r)))
			for _, q := range r {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(q.lon))
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(q.lat))
			}
		}
	}
	return b
}
