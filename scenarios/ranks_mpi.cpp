#include "scenarios/ranks.hpp"

#include <cstdlib>
#include <stdexcept>

#ifdef TL_MPI
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <list>
#include <map>
#endif

// The only file that knows MPI.
namespace tl {
namespace {

class Alone : public Ranks {
 public:
  int index() const override { return 0; }
  int count() const override { return 1; }
  int on_this_host() const override { return 1; }
  unsigned cores_of_host() const override { return usable_cores(); }
  void send(int, Bytes) override { throw std::logic_error{"a message to nobody"}; }
  std::optional<Letter> receive() override { return std::nullopt; }
  void part_in_order() override {}
};

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// Open MPI's mpirun, and launchers that speak PMIx or PMI, as Slurm's srun can.
bool started_by_launcher() {
  return is_set("OMPI_COMM_WORLD_SIZE") || is_set("PMIX_RANK") || is_set("PMI_SIZE");
}

#ifdef TL_MPI

constexpr int kMore = 1, kLast = 2;  // tags: MPI counts bytes in an int, so a long message goes in pieces
constexpr std::size_t kPiece = std::size_t{1} << 30;

/// mpirun may bind a rank to one core, on which all its threads would then run. A batch system's bounds are kept.
void use_all_cores() {
  if (is_set("SLURM_JOB_ID") || is_set("PBS_JOBID") || is_set("LSB_JOBID")) return;
  cpu_set_t all;
  CPU_ZERO(&all);
  for (int core = 0; core < CPU_SETSIZE; ++core) CPU_SET(core, &all);
  ::sched_setaffinity(0, sizeof all, &all);  // the system keeps what is not ours
}

class Mpi : public Ranks {
 public:
  Mpi() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &index_);
    MPI_Comm_size(MPI_COMM_WORLD, &count_);
    use_all_cores();
    MPI_Comm host = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &host);
    MPI_Comm_size(host, &on_host_);
    cpu_set_t mine, any;
    CPU_ZERO(&mine);
    ::sched_getaffinity(0, sizeof mine, &mine);
    MPI_Allreduce(&mine, &any, static_cast<int>(sizeof mine), MPI_BYTE, MPI_BOR, host);
    cores_ = static_cast<unsigned>(std::max(CPU_COUNT(&any), 1));
    MPI_Comm_free(&host);
  }
  Mpi(const Mpi&) = delete;
  Mpi& operator=(const Mpi&) = delete;
  ~Mpi() override {
    if (!in_order_) return;  // MPI_Finalize would wait for a rank that may be lost
    for (Sent& sent : sent_) MPI_Wait(&sent.request, MPI_STATUS_IGNORE);
    MPI_Finalize();
  }

  int index() const override { return index_; }
  int count() const override { return count_; }
  int on_this_host() const override { return on_host_; }
  unsigned cores_of_host() const override { return cores_; }

  void send(int to, Bytes text) override {
    forget_sent();
    sent_.push_back({std::move(text), MPI_REQUEST_NULL});
    const Bytes& kept = sent_.back().text;
    std::size_t at = 0;
    for (; kept.size() - at > kPiece; at += kPiece) {
      MPI_Request piece = MPI_REQUEST_NULL;
      MPI_Isend(kept.data() + at, static_cast<int>(kPiece), MPI_BYTE, to, kMore, MPI_COMM_WORLD, &piece);
      MPI_Wait(&piece, MPI_STATUS_IGNORE);
    }
    MPI_Isend(kept.data() + at, static_cast<int>(kept.size() - at), MPI_BYTE, to, kLast, MPI_COMM_WORLD,
              &sent_.back().request);
  }

  std::optional<Letter> receive() override {
    forget_sent();
    for (;;) {
      int there = 0, size = 0;
      MPI_Status status;
      MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
      if (there == 0) return std::nullopt;
      MPI_Get_count(&status, MPI_BYTE, &size);
      Bytes& text = begun_[status.MPI_SOURCE];
      const std::size_t at = text.size();
      text.resize(at + static_cast<std::size_t>(size));
      MPI_Recv(text.data() + at, size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      if (status.MPI_TAG != kLast) continue;
      Letter letter{.from = status.MPI_SOURCE, .text = std::move(text)};
      begun_.erase(status.MPI_SOURCE);
      return letter;
    }
  }

  void part_in_order() override { in_order_ = true; }

 private:
  struct Sent {
    Bytes text;
    MPI_Request request;
  };
  void forget_sent() {
    for (auto at = sent_.begin(); at != sent_.end();) {
      int done = 0;
      MPI_Test(&at->request, &done, MPI_STATUS_IGNORE);
      at = done != 0 ? sent_.erase(at) : std::next(at);
    }
  }

  int index_ = 0, count_ = 1, on_host_ = 1;
  unsigned cores_ = 1;
  bool in_order_ = false;
  std::list<Sent> sent_;  ///< kept until they have gone out
  std::map<int, Bytes> begun_;
};

#endif

}  // namespace

std::unique_ptr<Ranks> ranks_of_this_process() {
  if (!started_by_launcher()) return std::make_unique<Alone>();
#ifdef TL_MPI
  return std::make_unique<Mpi>();
#else
  const char* size = std::getenv("OMPI_COMM_WORLD_SIZE");
  if (size == nullptr || std::string{size} == "1") return std::make_unique<Alone>();
  throw std::runtime_error{
      "mpirun started several processes, but this program was built without MPI. Install libopenmpi-dev and build it "
      "again, or run the parts of the study one by one: throughline run --shard I/N"};
#endif
}

}  // namespace tl
