#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace limit {

struct Event {
  double at;
  std::uint32_t id, sequence;
};

/// The yardstick's ladder queue: times as doubles, strict order by (time, sequence). Kept apart from the product's on
/// purpose: a yardstick must not move with what it measures.
class Ladder {
 public:
  bool empty() const { return size_ == 0; }
  void push(const Event& event) {
    ++size_;
    if (event.at >= top_start_) {
      add_to_top(event);
      return;
    }
    for (std::size_t i = 0; i < rung_count_; ++i) {
      Rung& rung = rungs_[i];
      const std::size_t bucket = rung.bucket_of(event.at);
      if (bucket >= rung.current) {
        rung.buckets[bucket].push_back(event);
        ++rung.count;
        return;
      }
    }
    insert_in_bottom(event);
  }
  Event pop() {
    if (bottom_.empty()) refill();
    const Event event = bottom_.back();
    bottom_.pop_back();
    --size_;
    return event;
  }

 private:
  static constexpr std::size_t kSortedAtOnce = 48;
  static constexpr double kFar = std::numeric_limits<double>::infinity();
  struct Rung {
    std::vector<std::vector<Event>> buckets;
    double start = 0, width = 1, inverse = 1;
    std::size_t current = 0, used = 0, count = 0;
    std::size_t bucket_of(double at) const {
      const double x = (at - start) * inverse;
      if (!(x > 0)) return 0;
      const auto bucket = static_cast<std::size_t>(x);
      return bucket < used ? bucket : used - 1;
    }
  };
  static bool later(const Event& a, const Event& b) { return key(b) < key(a); }
  __extension__ using Key = unsigned __int128;
  static Key key(const Event& event) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &event.at, 8);  // times are not negative: their bits order as they do
    return static_cast<Key>(bits) << 64 | event.sequence;
  }
  void add_to_top(const Event& event) {
    top_.push_back(event);
    top_least_ = std::min(top_least_, event.at);
    top_most_ = std::max(top_most_, event.at);
  }
  void reset_top() {
    top_least_ = kFar;
    top_most_ = -kFar;
  }
  void insert_in_bottom(const Event& event) {
    bottom_.push_back(event);
    std::size_t i = bottom_.size() - 1;
    for (; i > 0 && later(event, bottom_[i - 1]); --i) bottom_[i] = bottom_[i - 1];
    bottom_[i] = event;
    if (bottom_.size() > 64 && rung_count_ == 0 && top_start_ == kFar)
      split_bottom();
    else if (bottom_.size() > kSortedAtOnce * 4 && rung_count_ < rungs_.size())
      spill_bottom();
  }
  void split_bottom() {
    const double border = bottom_[bottom_.size() / 2].at;
    std::size_t i = 0;
    while (i < bottom_.size() && bottom_[i].at >= border) ++i;
    if (i == bottom_.size()) return;
    for (std::size_t j = 0; j < i; ++j) add_to_top(bottom_[j]);
    bottom_.erase(bottom_.begin(), bottom_.begin() + static_cast<std::ptrdiff_t>(i));
    top_start_ = border;
  }
  void fill_rung(double start, double width, std::size_t buckets, std::vector<Event>& from) {
    Rung& rung = rungs_[rung_count_++];
    if (rung.buckets.size() < buckets) rung.buckets.resize(buckets);
    rung.used = buckets;
    rung.current = 0;
    rung.start = start;
    rung.width = width;
    rung.inverse = 1 / width;
    rung.count = from.size();
    for (const Event& event : from) rung.buckets[rung.bucket_of(event.at)].push_back(event);
    from.clear();
  }
  void spill_bottom() {
    const double least = bottom_.back().at;
    if (!(bottom_.front().at > least)) return;
    const Rung* above = rung_count_ > 0 ? &rungs_[rung_count_ - 1] : nullptr;
    const double border = above ? above->start + static_cast<double>(above->current) * above->width : top_start_;
    const double width = (border - least) / static_cast<double>(bottom_.size());
    if (!(width > 0) || !std::isfinite(1 / width)) return;
    fill_rung(least, width, bottom_.size(), bottom_);
    refill();
  }
  void take_top_whole() {
    bottom_.swap(top_);
    top_.clear();
    std::sort(bottom_.begin(), bottom_.end(), later);
    top_start_ = bottom_.size() <= 32 ? kFar : std::nextafter(top_most_, kFar);
    reset_top();
  }
  void refill() {
    for (;;) {
      while (rung_count_ > 0 && rungs_[rung_count_ - 1].count == 0) --rung_count_;
      if (rung_count_ == 0) {
        const std::size_t n = top_.size();
        const double width = (top_most_ - top_least_) / static_cast<double>(n > 0 ? n : 1);
        if (n <= kSortedAtOnce || !(width > 0) || !std::isfinite(1 / width)) {
          take_top_whole();
          return;
        }
        fill_rung(top_least_, width, n + 1, top_);
        top_start_ = std::nextafter(top_most_, kFar);
        reset_top();
      }
      Rung& rung = rungs_[rung_count_ - 1];
      while (rung.buckets[rung.current].empty()) ++rung.current;
      std::vector<Event>& bucket = rung.buckets[rung.current];
      const double start = rung.start + static_cast<double>(rung.current) * rung.width;
      rung.count -= bucket.size();
      ++rung.current;
      if (bucket.size() > kSortedAtOnce && rung_count_ < rungs_.size()) {
        const auto [least, most] = std::minmax_element(bucket.begin(), bucket.end(),
                                                       [](const Event& a, const Event& b) { return a.at < b.at; });
        const double width = rung.width / static_cast<double>(bucket.size());
        if (most->at > least->at && width > 0 && std::isfinite(1 / width)) {
          fill_rung(start, width, bucket.size(), bucket);
          continue;
        }
      }
      bottom_.swap(bucket);
      bucket.clear();
      std::sort(bottom_.begin(), bottom_.end(), later);
      return;
    }
  }

  std::vector<Event> top_, bottom_;  // bottom: the next event last
  std::vector<Rung> rungs_{8};
  std::size_t rung_count_ = 0, size_ = 0;
  double top_start_ = kFar, top_least_ = kFar, top_most_ = -kFar;
};

}  // namespace limit
