-- Who left an address in a chat that is somebody's.
CREATE INDEX visits_by_email ON visits (email) WHERE email IS NOT NULL;
