/* SPDX-License-Identifier: MIT
 *
 * Counts what a rank sends by MPI, whichever library sends it: loaded before the program, its
 * functions stand in for MPI's and call them by their second names (PMPI).
 *
 * counts(out) gives, since the start: messages to other ranks and their bytes; collective
 * operations and the bytes that this rank gives to them. A neighbourhood exchange and an Alltoallv
 * count as a collective operation, and as a message to everyone else who gets something from it.
 */
#include <mpi.h>

enum { MESSAGES, BYTES, COLLECTIVES, COLLECTIVE_BYTES, KINDS };
static double found[KINDS];

enum { MOST = 1 << 16 };
static struct { MPI_Request request; double bytes; } kept[MOST];
static int used;

void counts(double *out) {
    for (int k = 0; k < KINDS; k++) out[k] = found[k];
}

static double size_of(double count, MPI_Datatype type) {
    int size;
    PMPI_Type_size(type, &size);
    return count * size;
}

static void sent(double bytes) {
    found[MESSAGES]++;
    found[BYTES] += bytes;
}

static void sent_to(int to, MPI_Comm c, double bytes) {
    int rank;
    PMPI_Comm_rank(c, &rank);
    if (to != rank && to != MPI_PROC_NULL) sent(bytes);
}

static void gave(double bytes) {
    found[COLLECTIVES]++;
    found[COLLECTIVE_BYTES] += bytes;
}

/* ---- messages ------------------------------------------------------------------------------- */

#define SEND(name)                                                                                \
    int MPI_##name(const void *b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c) {           \
        sent_to(to, c, size_of(n, t));                                                            \
        return PMPI_##name(b, n, t, to, tag, c);                                                  \
    }
SEND(Send) SEND(Ssend) SEND(Rsend) SEND(Bsend)

#define ISEND(name)                                                                               \
    int MPI_##name(const void *b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c,             \
                   MPI_Request *r) {                                                              \
        sent_to(to, c, size_of(n, t));                                                            \
        return PMPI_##name(b, n, t, to, tag, c, r);                                               \
    }
ISEND(Isend) ISEND(Issend) ISEND(Irsend)

int MPI_Send_init(const void *b, int n, MPI_Datatype t, int to, int tag, MPI_Comm c,
                  MPI_Request *r) {
    int code = PMPI_Send_init(b, n, t, to, tag, c, r);
    if (used == MOST) PMPI_Abort(MPI_COMM_WORLD, 1);
    kept[used].request = *r;
    int rank;
    PMPI_Comm_rank(c, &rank);
    if (to != rank) kept[used++].bytes = size_of(n, t);
    return code;
}

static void started(MPI_Request r) {
    for (int k = used - 1; k >= 0; k--)
        if (kept[k].request == r) { sent(kept[k].bytes); return; }
}

int MPI_Start(MPI_Request *r) {
    started(*r);
    return PMPI_Start(r);
}

int MPI_Startall(int n, MPI_Request *r) {
    for (int k = 0; k < n; k++) started(r[k]);
    return PMPI_Startall(n, r);
}

int MPI_Request_free(MPI_Request *r) {
    for (int k = used - 1; k >= 0; k--)
        if (kept[k].request == *r) { kept[k] = kept[--used]; break; }
    return PMPI_Request_free(r);
}

int MPI_Sendrecv(const void *b, int n, MPI_Datatype t, int to, int tag, void *b2, int n2,
                 MPI_Datatype t2, int from, int tag2, MPI_Comm c, MPI_Status *s) {
    sent_to(to, c, size_of(n, t));
    return PMPI_Sendrecv(b, n, t, to, tag, b2, n2, t2, from, tag2, c, s);
}

/* ---- collective operations ------------------------------------------------------------------ */

int MPI_Barrier(MPI_Comm c) {
    gave(0);
    return PMPI_Barrier(c);
}

int MPI_Bcast(void *b, int n, MPI_Datatype t, int root, MPI_Comm c) {
    gave(size_of(n, t));
    return PMPI_Bcast(b, n, t, root, c);
}

#define REDUCE(name)                                                                              \
    int MPI_##name(const void *b, void *o, int n, MPI_Datatype t, MPI_Op op, MPI_Comm c) {        \
        gave(size_of(n, t));                                                                      \
        return PMPI_##name(b, o, n, t, op, c);                                                    \
    }
REDUCE(Allreduce) REDUCE(Scan) REDUCE(Exscan)

int MPI_Reduce(const void *b, void *o, int n, MPI_Datatype t, MPI_Op op, int root, MPI_Comm c) {
    gave(size_of(n, t));
    return PMPI_Reduce(b, o, n, t, op, root, c);
}

int MPI_Iallreduce(const void *b, void *o, int n, MPI_Datatype t, MPI_Op op, MPI_Comm c,
                   MPI_Request *r) {
    gave(size_of(n, t));
    return PMPI_Iallreduce(b, o, n, t, op, c, r);
}

int MPI_Allgather(const void *b, int n, MPI_Datatype t, void *o, int m, MPI_Datatype u,
                  MPI_Comm c) {
    gave(b == MPI_IN_PLACE ? size_of(m, u) : size_of(n, t));
    return PMPI_Allgather(b, n, t, o, m, u, c);
}

int MPI_Allgatherv(const void *b, int n, MPI_Datatype t, void *o, const int *m, const int *d,
                   MPI_Datatype u, MPI_Comm c) {
    gave(b == MPI_IN_PLACE ? 0 : size_of(n, t));
    return PMPI_Allgatherv(b, n, t, o, m, d, u, c);
}

int MPI_Gather(const void *b, int n, MPI_Datatype t, void *o, int m, MPI_Datatype u, int root,
               MPI_Comm c) {
    gave(b == MPI_IN_PLACE ? 0 : size_of(n, t));
    return PMPI_Gather(b, n, t, o, m, u, root, c);
}

int MPI_Gatherv(const void *b, int n, MPI_Datatype t, void *o, const int *m, const int *d,
                MPI_Datatype u, int root, MPI_Comm c) {
    gave(b == MPI_IN_PLACE ? 0 : size_of(n, t));
    return PMPI_Gatherv(b, n, t, o, m, d, u, root, c);
}

int MPI_Alltoall(const void *b, int n, MPI_Datatype t, void *o, int m, MPI_Datatype u,
                 MPI_Comm c) {
    int size;
    PMPI_Comm_size(c, &size);
    gave(size_of((double)m * size, u));
    return PMPI_Alltoall(b, n, t, o, m, u, c);
}

int MPI_Alltoallv(const void *b, const int *n, const int *d, MPI_Datatype t, void *o,
                  const int *m, const int *e, MPI_Datatype u, MPI_Comm c) {
    int size, rank;
    PMPI_Comm_size(c, &size);
    PMPI_Comm_rank(c, &rank);
    gave(0);
    for (int k = 0; k < size; k++)
        if (k != rank && n[k]) sent(size_of(n[k], t));
    return PMPI_Alltoallv(b, n, d, t, o, m, e, u, c);
}

/* Counts what goes to the neighbours of a communicator; n: rows to each, or one number for all. */
static void to_neighbours(const int *n, int each, MPI_Datatype t, MPI_Comm c) {
    enum { MANY = 4096 };
    int in, out, weighted, kind, from[MANY], to[MANY], weights[MANY];
    gave(0);
    PMPI_Topo_test(c, &kind);
    if (kind != MPI_DIST_GRAPH) PMPI_Abort(MPI_COMM_WORLD, 1);
    PMPI_Dist_graph_neighbors_count(c, &in, &out, &weighted);
    if (in > MANY || out > MANY) PMPI_Abort(MPI_COMM_WORLD, 1);
    PMPI_Dist_graph_neighbors(c, in, from, weighted ? weights : MPI_UNWEIGHTED, out, to,
                              weighted ? weights : MPI_UNWEIGHTED);
    for (int k = 0; k < out; k++)
        if (each ? n[k] : n[0]) sent_to(to[k], c, size_of(each ? n[k] : n[0], t));
}

int MPI_Neighbor_alltoall(const void *b, int n, MPI_Datatype t, void *o, int m, MPI_Datatype u,
                          MPI_Comm c) {
    to_neighbours(&n, 0, t, c);
    return PMPI_Neighbor_alltoall(b, n, t, o, m, u, c);
}

int MPI_Neighbor_alltoallv(const void *b, const int *n, const int *d, MPI_Datatype t, void *o,
                           const int *m, const int *e, MPI_Datatype u, MPI_Comm c) {
    to_neighbours(n, 1, t, c);
    return PMPI_Neighbor_alltoallv(b, n, d, t, o, m, e, u, c);
}

int MPI_Ineighbor_alltoallv(const void *b, const int *n, const int *d, MPI_Datatype t, void *o,
                            const int *m, const int *e, MPI_Datatype u, MPI_Comm c,
                            MPI_Request *r) {
    to_neighbours(n, 1, t, c);
    return PMPI_Ineighbor_alltoallv(b, n, d, t, o, m, e, u, c, r);
}
