package e2e

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// walkPlan: a plan is asked for, and is the API's: what it reaches, how far from the best it is, its sites in their order with what
// each gains, in the table and on the map; and it can be taken away.
func walkPlan(v *visit) {
	var answer struct {
		PlanTeams struct {
			Covered, UpperBound, Demand, CoveredByExisting float64
			OptimalityGap                                  float64
			Sites                                          []struct {
				Order        int
				Gained       float64
				CoveredSoFar float64
				Hamlet       *struct{ FullName string }
				Position     struct{ Coordinates [2]float64 }
			}
		}
	}
	v.demo.ask(v.T, &answer, `query ($input: TeamPlanInput!) { planTeams(input: $input) {
		covered upperBound demand coveredByExisting optimalityGap sites { order gained coveredSoFar hamlet { fullName } position } } }`,
		map[string]any{"input": map[string]any{"within": map[string]string{"level": "PROVINCE", "code": province}, "asOf": lastDay, "teams": 5, "reachMetres": 4000}})
	plan := answer.PlanTeams
	if len(plan.Sites) != 5 {
		v.Fatalf("the API plans %d sites", len(plan.Sites))
	}
	seen := v.look(middleLongitude, middleLatitude, v.whole(), "panel=plan&planTeams=5&planReachMetres=4000&layers=")
	v.closeLegend()
	v.Click("button", v.say("plan.ask"))
	v.says(".plan .result", v.say("plan.of", "covered", v.number(plan.Covered, 0), "demand", v.number(plan.Demand, 0), "share", v.share(plan.Covered/plan.Demand)),
		v.number(plan.Covered-plan.CoveredByExisting, 0))
	switch more := plan.UpperBound - plan.Covered; {
	case more == 0:
		v.says(".plan .proof", v.say("plan.best"))
	case plan.OptimalityGap < 0.0001:
		v.says(".plan .proof", v.say("plan.bound", "more", v.number(more, 0), "gap", v.say("plan.tiny")))
	default:
		v.says(".plan .proof", v.say("plan.bound", "more", v.number(more, 0), "gap", v.number(plan.OptimalityGap*100, 2)+"%"))
	}
	v.Eventually(func() error {
		var rows [][]string
		v.Eval(&rows, `[...document.querySelectorAll('.sites tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, ' ').trim()))`)
		if len(rows) != len(plan.Sites) {
			return fmt.Errorf("%d sites are listed", len(rows))
		}
		for i, site := range plan.Sites {
			row := rows[i]
			if row[0] != v.number(float64(site.Order), 0) || row[2] != "+"+v.number(site.Gained, 0) || !strings.HasPrefix(row[3], v.number(site.CoveredSoFar, 0)+" ") || site.Hamlet != nil && !strings.HasPrefix(row[1], site.Hamlet.FullName) {
				return fmt.Errorf("site %d: %q, the API %+v", i, row, site)
			}
		}
		return nil
	})
	// On the map each is a disc of its colour: its number stands on the middle, so what is read is beside.
	disc := hex(v.T, "#5a1a68")
	v.Eventually(func() error {
		picture := v.picture()
		for _, site := range plan.Sites {
			x, y := seen.pixel(site.Position.Coordinates[0], site.Position.Coordinates[1])
			if !seen.inside(x, y) {
				continue
			}
			found := false
			for dx := -10; dx <= 10; dx++ {
				for dy := -10; dy <= 10; dy++ {
					found = found || colourAt(picture, int(seen.left+x)+dx, int(seen.top+y)+dy).near(disc, 12)
				}
			}
			if !found {
				return fmt.Errorf("site %d is not on the map", site.Order)
			}
		}
		return nil
	})
	var link string
	v.Eval(&link, `[...document.querySelectorAll('.plan .files a')].find((one) => one.innerText === 'CSV').getAttribute('href')`)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(v.demo.fetch(v.T, link), []byte("\uFEFF")))).ReadAll()
	if err != nil || len(rows) != len(plan.Sites)+1 {
		v.Errorf("%d rows of the plan's file, %v", len(rows), err)
	}
	v.Eval(nil, axe(v.T)+";void 0")
	v.violations("a plan")
	v.Until(`!document.querySelector('.plan [aria-busy="true"]')`)
}

// walkFewest: how few teams bring a share within reach is asked for in the form, and answered with what is proved.
func walkFewest(v *visit) {
	commune := v.pick(v.cameraOfAll())
	within := map[string]string{"level": "COMMUNE", "code": commune.Code}
	var answer struct {
		MinimumTeams struct {
			Covered, Demand   float64
			TeamsLowerBound   int
			Sites             []struct{ Order int }
			CoveredByExisting float64
		}
	}
	v.demo.ask(v.T, &answer, `query ($input: TeamPlanInput!) { minimumTeams(input: $input, share: 0.6) { covered demand teamsLowerBound coveredByExisting sites { order } } }`,
		map[string]any{"input": map[string]any{"within": within, "asOf": lastDay, "teams": 200, "reachMetres": 9000, "demand": "ALL_HOUSEHOLDS", "keepExisting": false}})
	plan := answer.MinimumTeams
	if len(plan.Sites) == 0 {
		v.Fatal("no team is needed")
	}
	v.open("panel=plan&planKeepExisting=false&planReachMetres=9000&within=COMMUNE:" + commune.Code)
	v.Choose(v.say("plan.question"), v.say("plan.forShare"))
	v.Write(v.say("plan.share"), "60")
	v.Click("button", v.say("plan.ask"))
	v.at("planned", "true", "planShare", "0.6")
	want := v.say("plan.fewest", "found", v.number(float64(len(plan.Sites)), 0), "least", v.number(float64(plan.TeamsLowerBound), 0))
	if plan.TeamsLowerBound == len(plan.Sites) {
		want = v.say("plan.fewestSure", "found", v.number(float64(len(plan.Sites)), 0))
	}
	v.says(".plan .answer", want, v.number(plan.Covered-plan.CoveredByExisting, 0))
	v.Until(`document.querySelectorAll('.sites tbody tr').length === %s`, len(plan.Sites))
}
