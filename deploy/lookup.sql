-- The look-up's login on PostgreSQL, see docs/public.md. Once as the owner of the registry's tables:
--   psql vaxcert --set login=vaxcert-lookup --file deploy/lookup.sql
-- It reads what it needs to find a certificate, and writes audit entries, attempt counters and tickets.
CREATE ROLE :"login" LOGIN;
GRANT SELECT ON alembic_version, setting, person, person_version, dose_version, certificate, run, audit,
  holder_code, holder_ticket, lookup_count TO :"login";
GRANT INSERT ON audit, holder_ticket, lookup_count TO :"login";
-- The log's end is sealed in a row of it.
GRANT UPDATE (value) ON setting TO :"login";
GRANT UPDATE (failures) ON holder_code, holder_ticket TO :"login";
GRANT UPDATE (times) ON lookup_count TO :"login";
GRANT USAGE ON SEQUENCE holder_ticket_id_seq TO :"login";
