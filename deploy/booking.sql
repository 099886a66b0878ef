-- The public pages' login on PostgreSQL for bookings, see docs/appointments.md. Once, after `vaxcert booking init`, as
-- the owner of its tables:
--   psql vaxcert_booking --set login=vaxcert-public --file deploy/booking.sql
-- It sees what is offered, and takes, moves and cancels bookings; who booked is sealed to a key that it does not have.
CREATE ROLE :"login" LOGIN;
GRANT SELECT ON booking_setting, booking_group, booking_offer TO :"login";
GRANT SELECT, INSERT, UPDATE ON booking TO :"login";
GRANT USAGE ON SEQUENCE booking_id_seq TO :"login";
