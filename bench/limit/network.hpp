#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "bench/limit/ladder.hpp"
#include "bench/limit/random.hpp"

// L, the yardstick: a network of multi-server stations written by hand for speed alone. Every target in
// docs/performance.md is a multiple of its time, taken in the same call.
namespace limit {

constexpr std::uint32_t kMostClasses = 3, kMostWays = 5;

/// Cumulative shares and where they lead; `leave` is the number of stations.
struct Ways {
  std::array<double, kMostWays - 1> below{};
  std::array<std::uint16_t, kMostWays> to{};
};
struct Spec {
  std::uint32_t stations = 0, classes = 0;
  std::vector<double> arrivals_per_day;                     ///< by class
  std::vector<std::array<double, kMostClasses>> mean_stay;  ///< by station and class
  std::vector<std::int32_t> units;
  std::vector<bool> priority;
  std::vector<double> mean_patience;  ///< 0 = waits for ever
  std::vector<Ways> entry, routes;    ///< entry[class], routes[class · stations + station]
  double horizon = 0.0;
};
struct StationResult {
  double wait = 0, queue = 0, busy = 0;
  std::uint64_t started = 0, completed = 0, reneged = 0;
};
struct Result {
  std::uint64_t arrivals = 0, completed = 0, reneged = 0;
  std::uint32_t peak_clients = 0;
  std::vector<StationResult> stations;
  std::uint64_t events() const { return arrivals + completed + reneged; }
};

class Network {
 public:
  Network(const Spec& spec, std::uint64_t seed) : spec_{spec}, random_{seed}, clients_(1) {
    clients_.reserve(4096);
    for (std::uint32_t k = 0; k < spec.stations; ++k) {
      Station station;
      station.units = spec.units[k];
      station.priority = spec.priority[k];
      station.patience = spec.mean_patience[k];
      station.mean = spec.mean_stay[k];
      stations_.push_back(station);
    }
    for (std::uint32_t r = 0; r < spec.classes; ++r)
      events_.push({draw(random_) / spec.arrivals_per_day[r], kArrival | r, sequence_++});
  }

  Result run() {
    Result result;
    while (!events_.empty()) {
      const Event event = events_.pop();
      if (event.at > spec_.horizon) break;
      const std::uint32_t id = event.id & kMask;
      if ((event.id & ~kMask) == kArrival) {
        now_ = event.at;
        ++result.arrivals;
        events_.push({now_ + draw(random_) / spec_.arrivals_per_day[id], event.id, sequence_++});
        const std::uint32_t client = take();
        clients_[client].type = static_cast<std::uint8_t>(id);
        join(client, pick(spec_.entry[id]));
      } else if ((event.id & ~kMask) == kEnd) {
        now_ = event.at;
        ++result.completed;
        end_stay(id);
      } else if (clients_[id].tag == event.sequence) {
        now_ = event.at;
        ++result.reneged;
        Station& station = stations_[clients_[id].station];
        account(station);
        ++station.reneged;
        unlink(station, id);
        leave(id);
      }
    }
    now_ = spec_.horizon;
    result.peak_clients =
        static_cast<std::uint32_t>(clients_.size() - 1);  // slots are used again: as many as ever at once
    for (Station& s : stations_) {
      account(s);
      result.stations.push_back({s.started > 0 ? s.waits / static_cast<double>(s.started) : 0.0, s.queue_area / now_,
                                 s.busy_area / now_, s.started, s.completed, s.reneged});
    }
    return result;
  }

 private:
  enum : std::uint32_t { kArrival = 0U << 30, kEnd = 1U << 30, kRenege = 2U << 30, kMask = (1U << 30) - 1 };
  struct Client {
    double asked;
    std::uint32_t next, previous, tag;
    std::uint8_t type;
    std::uint16_t station;
  };
  struct Station {
    double last = 0, queue_area = 0, busy_area = 0, waits = 0, patience = 0;
    std::array<double, kMostClasses> mean{};
    std::int32_t units = 0, busy = 0, queued = 0;
    std::array<std::uint32_t, kMostClasses> head{}, tail{};
    bool priority = false;
    std::uint64_t started = 0, completed = 0, reneged = 0;
  };

  std::uint32_t take() {
    const std::uint32_t client = free_;
    if (client != 0) {
      free_ = clients_[client].next;
      return client;
    }
    clients_.push_back({});
    return static_cast<std::uint32_t>(clients_.size() - 1);
  }
  void leave(std::uint32_t client) {
    clients_[client].tag = ~0U;
    clients_[client].next = free_;
    free_ = client;
  }
  std::uint32_t pick(const Ways& ways) {
    const double u = random_.uniform();
    const auto way = static_cast<std::size_t>(u >= ways.below[0]) + static_cast<std::size_t>(u >= ways.below[1]) +
                     static_cast<std::size_t>(u >= ways.below[2]) + static_cast<std::size_t>(u >= ways.below[3]);
    return ways.to[way];
  }
  void account(Station& s) {
    const double span = now_ - s.last;
    s.queue_area += span * s.queued;
    s.busy_area += span * s.busy;
    s.last = now_;
  }
  void start(Station& s, std::uint32_t client) {
    ++s.started;
    events_.push({now_ + draw(random_) * s.mean[clients_[client].type], kEnd | client, sequence_++});
  }
  void join(std::uint32_t id, std::uint32_t station) {
    Station& s = stations_[station];
    Client& client = clients_[id];
    client.station = static_cast<std::uint16_t>(station);
    account(s);
    if (s.busy < s.units) {
      ++s.busy;
      start(s, id);
      return;
    }
    const std::size_t line = s.priority ? client.type : 0;
    client.asked = now_;
    client.next = 0;
    client.previous = s.tail[line];
    (s.tail[line] != 0 ? clients_[s.tail[line]].next : s.head[line]) = id;
    s.tail[line] = id;
    ++s.queued;
    if (s.patience > 0) {
      client.tag = sequence_;
      events_.push({now_ + draw(random_) * s.patience, kRenege | id, sequence_++});
    }
  }
  void unlink(Station& s, std::uint32_t id) {
    const Client& client = clients_[id];
    const std::size_t line = s.priority ? client.type : 0;
    (client.previous != 0 ? clients_[client.previous].next : s.head[line]) = client.next;
    (client.next != 0 ? clients_[client.next].previous : s.tail[line]) = client.previous;
    --s.queued;
  }
  void end_stay(std::uint32_t id) {
    const std::uint32_t k = clients_[id].station;
    Station& s = stations_[k];
    account(s);
    ++s.completed;
    std::uint32_t next = s.head[0];
    if (s.priority && next == 0) next = s.head[1] != 0 ? s.head[1] : s.head[2];
    if (next != 0) {
      unlink(s, next);
      s.waits += now_ - clients_[next].asked;
      if (s.patience > 0) clients_[next].tag = ~0U;
      start(s, next);
    } else {
      --s.busy;
    }
    const std::uint32_t to = pick(spec_.routes[clients_[id].type * spec_.stations + k]);
    if (to < spec_.stations)
      join(id, to);
    else
      leave(id);
  }

  const Spec& spec_;
  Xoshiro random_;
  const Ziggurat draw{};
  Ladder events_;
  std::vector<Station> stations_;
  std::vector<Client> clients_;
  std::uint32_t free_ = 0, sequence_ = 0;
  double now_ = 0;
};

}  // namespace limit
