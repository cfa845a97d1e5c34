-- Which months the feed tells is looked up with each write: the first and the last with a change in a province.
create index place_month_of_province on place_month (province, month);

-- A digest of change_day is empty where what the day's counts have changed by was told, and nobody has counted them anew since.
