package db

import "context"

var topicUptakeOfUnit = query("topic_uptake_of_unit")

// TopicUptake is how many households were guided on a topic. Share is of the households that a coverage's share is of, for
// a team of those that it guided; nil without such households.
type TopicUptake struct {
	Topic      string
	Households int
	Share      *float64
}

// topicOfAsked is a topic that answers the question of that number, from 1.
type topicOfAsked struct {
	Asked int
	TopicUptake
}

// TopicUptakes returns, for each unit on its day, by topic, the households on the register that day that visits had guided on
// each topic by then. It reads households and visits (no roll-up: one would cost each import more than all questions
// take), in one statement for any number of units. A unit without any is absent.
func (d *DB) TopicUptakes(ctx context.Context, units []OnDay) (map[OnDay][]TopicUptake, error) {
	return onOwn(ctx, units, d.TopicUptakesOn)
}

// TopicUptakesOn is TopicUptakes on the boundaries of another day.
func (d *DB) TopicUptakesOn(ctx context.Context, units []OnBoundaries) (map[OnBoundaries][]TopicUptake, error) {
	found, err := ask[topicOfAsked](ctx, d, topicUptakeOfUnit, onBoundariesArgs(units))
	if err != nil {
		return nil, err
	}
	answer := make(map[OnBoundaries][]TopicUptake, len(units))
	for _, r := range found {
		asked := units[r.Asked-1]
		answer[asked] = append(answer[asked], r.TopicUptake)
	}
	return answer, nil
}
