package graph

import (
	"strings"

	"vunglom/db"
	"vunglom/graph/model"
)

func levelToDB(level model.AdminLevel) db.Level { return db.Level(strings.ToLower(string(level))) }

// optionalLevel is levelToDB, with "" (every level) for nil.
func optionalLevel(level *model.AdminLevel) db.Level {
	if level == nil {
		return ""
	}
	return levelToDB(*level)
}

// levelFromDB returns "" for what is no level.
func levelFromDB(level db.Level) model.AdminLevel {
	switch level {
	case db.LevelProvince:
		return model.AdminLevelProvince
	case db.LevelDistrict:
		return model.AdminLevelDistrict
	case db.LevelCommune:
		return model.AdminLevelCommune
	case db.LevelHamlet:
		return model.AdminLevelHamlet
	}
	return ""
}
