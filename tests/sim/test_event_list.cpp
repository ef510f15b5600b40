#include <algorithm>
#include <array>
#include <queue>

#include "sim/event_list.hpp"
#include "sim/random.hpp"
#include "tests/catch.hpp"

namespace {

using namespace tl;

struct Later {
  bool operator()(const Event& a, const Event& b) const { return before(b, a); }
};
using Heap = std::priority_queue<Event, std::vector<Event>, Later>;

bool same(const Event& a, const Event& b) {
  return a.at == b.at && a.key == b.key;
}

std::int64_t increment(std::uint32_t word, int pattern) {
  switch (pattern) {
    case 0:
      return static_cast<std::int64_t>(word);  // spread out
    case 1:
      return static_cast<std::int64_t>(word % 30) * 86'400'000'000;  // whole days
    case 2:
      return word % 10 == 0 ? std::int64_t{word} * 1000 : std::int64_t{word % 4096};  // mostly near, some far
    default:
      return 5;  // all at once
  }
}

}  // namespace

TEST_CASE("events come in the order of a heap, whatever their times look like") {
  const int pattern = GENERATE(0, 1, 2, 3);
  const std::size_t pending =
      GENERATE(std::size_t{1}, std::size_t{10}, std::size_t{70}, std::size_t{1000}, std::size_t{20000});
  EventList list;
  Heap heap;
  std::uint32_t made = 0;
  const auto push = [&](std::int64_t now) {
    const Block block =
        draw(run_key(1, 1), ClientKey{static_cast<std::uint32_t>(pattern), made++, 0}, Purpose::process, 0, 0);
    const Event event = Event::make(now + increment(block.w[0], pattern), static_cast<Phase>(block.w[1] % 9),
                                    block.w[2] & 0xffff, EventKind::client, made);
    list.push(event);
    heap.push(event);
  };
  for (std::size_t i = 0; i < pending; ++i) push(0);
  bool agree = true;
  for (std::size_t i = 0; i < 2 * pending + 100; ++i) {
    const Event event = list.pop();
    agree = agree && same(event, heap.top());
    heap.pop();
    push(event.at);
    if (made % 3 == 0) push(event.at);
  }
  while (!heap.empty()) {
    agree = agree && same(list.pop(), heap.top());
    heap.pop();
  }
  CHECK(agree);
  CHECK(list.empty());
}

TEST_CASE("events of equal time come in the semantics' order, however they were put in") {
  std::array<Event, 5> events{Event::make(9, Phase::dated_change, 0, EventKind::other, 0),
                              Event::make(9, Phase::hold_end, 3, EventKind::request, 2),
                              Event::make(9, Phase::stay_end, 8, EventKind::client, 1),
                              Event::make(9, Phase::give_up, 1, EventKind::request, 7),
                              Event::make(9, Phase::arrival, 0, EventKind::other, 0)};
  std::array<int, 5> order{0, 1, 2, 3, 4};
  int orders = 0;
  do {
    EventList list;
    for (const int i : order) list.push(events[static_cast<std::size_t>(i)]);
    bool right = true;
    for (const Event& expected : events) right = right && same(list.pop(), expected);
    CHECK(right);
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(orders == 120);
}

TEST_CASE("an event's parts are what it was made of") {
  const Event event = Event::make(5, Phase::arrival, 0x7fffffffU, EventKind::setting, Event::kMostHandles - 1);
  CHECK(event.phase() == Phase::arrival);
  CHECK(event.number() == 0x7fffffffU);
  CHECK(event.kind() == EventKind::setting);
  CHECK(event.handle() == Event::kMostHandles - 1);
}
