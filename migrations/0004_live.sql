-- Who is at which ticket, told by each node to the others; ticket 0 is the desk itself.
CREATE TABLE presence (
    ticket BIGINT NOT NULL,
    agent BIGINT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    node TEXT NOT NULL,
    state TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (ticket, agent, node)
);
