package db

// A column of the store and the SQL that makes it of the staged row s.
type column struct {
	name string
	expr string
	from string // the bundle's column it comes from: where the file lacks it, an update keeps what is stored; empty: always said
}

// A target tells how a staged table becomes rows of the store.
type target struct {
	into    string
	columns []column
	key     []string // SQL conditions that find the stored row t of the staged row s
	join    string   // SQL that the expressions need besides s
}

func same(names ...string) []column {
	columns := make([]column, len(names))
	for i, n := range names {
		columns[i] = column{n, "s." + n, n}
	}
	return columns
}

func with(columns []column, more ...column) []column { return append(columns, more...) }

func equal(names ...string) []string {
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = "t." + n + " = s." + n
	}
	return keys
}

// targetOf describes a table's way into the store. Points need the bundle's reference system.
func (im *importing) targetOf(table string) target {
	point := im.frame.point()
	switch table {
	case "units":
		return target{
			into: "unit",
			columns: with(same("level", "code", "name", "kind", "parent_level", "parent_code", "population", "households"),
				column{"full_name", "coalesce(k.label, replace(s.kind, '_', ' ')) || ' ' || s.name", ""},
				column{"valid", "daterange(s.valid_from, s.valid_to)", ""},
				column{"polygon_id", "case when p.id is not null then p.id when coalesce(t.derived_support, s.derived_from) is not null then t.polygon_id end", "geometry"},
				column{"derived_support", "case when p.id is not null then s.derived_from else t.derived_support end", "geometry"}),
			key: []string{"t.level = s.level", "t.code = s.code", "lower(t.valid) = s.valid_from"},
			join: `left join unit_kind k on k.kind = s.kind
				left join stage_polygon g on g.file = s.file and g.line = s.line
				left join polygon p on p.province = @province and p.digest = g.digest`,
		}
	case "successions":
		return target{
			into:    "succession",
			columns: same("from_level", "from_code", "to_level", "to_code", "effective_on", "extent", "decision"),
			key:     equal("from_level", "from_code", "to_level", "to_code", "effective_on", "extent"),
		}
	case "designations":
		return target{
			into: "designation",
			columns: with(same("level", "code", "scheme", "value", "decision"),
				column{"valid", "daterange(s.valid_from, s.valid_to)", ""}),
			key: append(equal("level", "code", "scheme", "value"), "t.valid = daterange(s.valid_from, s.valid_to)"),
		}
	case "addresses":
		return target{
			into: "address",
			columns: with(same("scheme", "code", "kind", "commune_code", "hamlet_code", "label", "surveyed_on"),
				column{"position", point, ""}),
			key: equal("scheme", "code"),
		}
	case "service_points":
		return target{
			into: "service_point",
			columns: with(same("code", "kind", "name", "commune_code"), column{"position", point, ""},
				column{"open", "daterange(s.opened_on, s.closed_on)", ""}),
			key: equal("code"),
		}
	case "services":
		return target{into: "service", columns: same("code", "name_vi", "name_en", "counted_in"), key: equal("code")}
	case "targets":
		return target{
			into: "target",
			columns: with(same("measure", "share", "source"),
				column{"level", "coalesce(s.level, '')", ""}, column{"code", "coalesce(s.code, '')", ""},
				column{"due_on", "coalesce(s.due_on, 'infinity')", ""}),
			key: append(equal("measure", "share"), "t.level = coalesce(s.level, '')", "t.code = coalesce(s.code, '')",
				"t.due_on = coalesce(s.due_on, 'infinity')"),
		}
	case "teams":
		return target{
			into: "team",
			columns: with(same("code", "name", "level", "kind", "unit_code", "decision"),
				column{"active", "daterange(s.established_on, s.dissolved_on)", ""},
				column{"position", point, "lon"}, column{"unit_id", "u.id", ""}),
			key:  equal("code"),
			join: "join unit u on u.province = @province and u.level = s.level and u.code = s.unit_code and u.valid @> s.established_on",
		}
	case "team_service":
		return target{
			into: "team_service",
			columns: with(same("team_code", "level", "unit_code", "from_on"),
				column{"served", "daterange(s.from_on, s.to_on)", ""}),
			key: equal("team_code", "level", "unit_code", "from_on"),
		}
	case "members":
		return target{
			into: "member",
			columns: with(same("code", "team_code", "role", "organization", "trained_on"),
				column{"joined", "daterange(s.joined_on, s.left_on)", ""}),
			key: equal("code"),
		}
	case "households":
		return target{
			into: "household",
			columns: same("code", "address_scheme", "address_code", "commune_code", "hamlet_code", "persons",
				"registered_on", "ended_on"),
			key: equal("code"),
		}
	case "visits":
		return target{
			into:    "visit",
			columns: same("code", "household_code", "team_code", "visited_on", "outcome", "topics"),
			key:     equal("code"),
		}
	case "adoptions":
		return target{
			into:    "adoption",
			columns: same("household_code", "service_code", "adopted_on", "ended_on"),
			key:     equal("household_code", "service_code", "adopted_on"),
		}
	default:
		return target{
			into:    "report",
			columns: same("level", "unit_code", "measure", "value", "qualifier", "from_on", "as_of", "base", "share", "source"),
			key:     equal("level", "unit_code", "measure", "as_of", "source"),
		}
	}
}
