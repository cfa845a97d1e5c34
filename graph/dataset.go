package graph

import (
	"context"
	"strings"

	"vunglom/db"
	"vunglom/graph/model"
)

func (r queryResolver) Datasets(ctx context.Context) ([]*model.Dataset, error) {
	loaded, err := r.db.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	publications, err := r.db.Publications(ctx)
	if err != nil {
		return nil, err
	}
	published := make(map[string]db.Publication, len(publications))
	for _, p := range publications {
		published[p.Province] = p
	}
	datasets := make([]*model.Dataset, len(loaded))
	for i, d := range loaded {
		datasets[i] = &model.Dataset{
			Province: d.Province, AsOf: d.AsOf, Source: d.Source, Licence: d.Licence, Synthetic: d.Synthetic,
			ImportedAt: d.ImportedAt, Snapshot: d.Token(), PublishedFrom: published[d.Province].First, PublishedTo: published[d.Province].Last,
		}
	}
	return datasets, nil
}

func (r queryResolver) Services(ctx context.Context) ([]*model.Service, error) {
	known, err := r.db.Services(ctx)
	if err != nil {
		return nil, err
	}
	services := make([]*model.Service, len(known))
	for i := range known {
		services[i] = service(&known[i])
	}
	return services, nil
}

func service(s *db.Service) *model.Service {
	return &model.Service{Code: s.Code, NameVi: s.NameVi, NameEn: s.NameEn, CountedIn: model.CountUnit(strings.ToUpper(s.CountedIn))}
}
