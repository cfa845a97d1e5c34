// Package accept reads the Accept header, for every edge in the same way (RFC 9110, 12.5.1).
package accept

import (
	"mime"
	"strconv"
	"strings"
)

// Quality is how much a list of media ranges wants a media type: the q of the most specific range that holds it. named
// tells whether that is the type itself.
func Quality(ranges, media string) (q float64, named bool) {
	group, _, _ := strings.Cut(media, "/")
	specific := 0
	for part := range strings.SplitSeq(ranges, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
			continue
		}
		weight := 0
		switch kind {
		case media:
			weight = 3
		case group + "/*":
			weight = 2
		case "*/*":
			weight = 1
		}
		if weight <= specific {
			continue
		}
		specific, q = weight, 1
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				q = 0
			}
		}
	}
	return q, specific == 3
}
