-- How a province is published is settled by who answers for its personal data: the base is what hides households.

alter table publication enable row level security;
create policy every on publication for select to vunglom_published, vunglom_aggregates, vunglom_decisions, vunglom_persons, vunglom_persons_within using (true);
create policy base on publication to vunglom_erasure using (array[province, '*'] && (select province_scope())::text[]);
create policy written on publication to vunglom_record, vunglom_record_within, vunglom_register using (province = (select write_province()));
