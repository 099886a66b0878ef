-- Who may do what in the registry's database, for PostgreSQL. As its superuser, once the tables are there (`vaxcert registry init`
-- as vaxcert-registry, who owns them), and again after each update. On one machine each role is the system's user of that name.
--   psql --dbname vaxcert --file roles.sql

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vaxcert-portal') THEN CREATE ROLE "vaxcert-portal" LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vaxcert-signer') THEN CREATE ROLE "vaxcert-signer" LOGIN; END IF;
END $$;

-- The portal records, imports, corrects and takes back. What was done stays in the audit log: it adds to it, and changes nothing.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "vaxcert-portal";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "vaxcert-portal";
REVOKE UPDATE, DELETE ON audit FROM "vaxcert-portal";
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM "vaxcert-portal";

-- The signer reads what it certifies, and adds what it signed.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "vaxcert-signer";
GRANT INSERT, UPDATE ON certificate, run, setting, signing, bulk_request TO "vaxcert-signer";
GRANT INSERT ON audit TO "vaxcert-signer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "vaxcert-signer";
