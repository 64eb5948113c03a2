// The memory of an optimized net: blobs that are not needed at the same time share it, and a layer
// that only joins others finds them joined.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "src/net/net_state.hpp"

namespace demitasse {
namespace {

// The blobs that are in one memory: one, or several where layers only give it another shape.
struct Tenant {
  std::vector<Blob*> blobs;
  int64_t size = 0;
  size_t first = 0;  // the layers from and to which it is needed
  size_t last = 0;
  bool stays = false;                // it must not be put into other memory
  int layers = 1;                    // that write or read it
  std::optional<size_t> whole = {};  // the tenant that this is a part of,
  int64_t offset = 0;                // and where it begins there
  bool has_parts = false;
};

struct Room {
  int64_t size = 0;
  size_t taken_until = 0;  // a layer
};

class MemoryPlanner {
 public:
  explicit MemoryPlanner(NetState* state) : state_(*state) {}

  void Run() {
    state_.lifetimes.assign(state_.layers.size(), {});
    FindTenants();
    FindParts();
    const std::vector<size_t> rooms = AssignRooms();
    std::vector<std::shared_ptr<Buffer>> memory;
    for (const Room& room : rooms_) {
      memory.push_back(std::make_shared<Buffer>(room.size, state_.budget));
    }
    for (size_t i = 0; i < tenants_.size(); ++i) {
      const Tenant& tenant = tenants_[i];
      if (tenant.stays) continue;
      if (tenant.whole) {
        MoveIn(tenant,
               std::make_shared<Buffer>(memory[rooms[*tenant.whole]], tenant.offset, tenant.size));
      } else {
        MoveIn(tenant, memory[rooms[i]]);
      }
    }
  }

 private:
  // The tenants, in the order in which they are first needed.
  void FindTenants() {
    for (size_t layer = 0; layer < state_.layers.size(); ++layer) {
      for (Blob* const blob : state_.bottoms[layer]) Use(blob, layer);
      for (Blob* const blob : state_.tops[layer]) {
        Tenant& tenant = Use(blob, layer);
        // A layer without bottoms is fed by others, or keeps what it gives.
        if (state_.bottoms[layer].empty()) tenant.stays = true;
      }
    }
    for (Blob* const blob : state_.outputs) Stay(*blob);
    for (const auto& param : state_.params) Stay(*param);
  }

  Tenant& Use(Blob* blob, size_t layer) {
    const auto [found, is_new] = index_.emplace(blob->data().get(), tenants_.size());
    if (is_new) tenants_.push_back({{}, 0, layer, layer});
    Tenant& tenant = tenants_[found->second];
    if (tenant.last != layer) ++tenant.layers;
    if (std::find(tenant.blobs.begin(), tenant.blobs.end(), blob) == tenant.blobs.end()) {
      tenant.blobs.push_back(blob);
    }
    tenant.size = std::max(tenant.size, blob->size());
    tenant.last = layer;
    return tenant;
  }

  void Stay(const Blob& blob) {
    const auto found = index_.find(blob.data().get());
    if (found != index_.end()) tenants_[found->second].stays = true;
  }

  void FindParts() {
    for (size_t layer = 0; layer < state_.layers.size(); ++layer) {
      if (!state_.layers[layer]->IsJoin()) continue;
      const size_t whole = index_.at(state_.tops[layer][0]->data().get());
      int64_t offset = 0;
      for (const Blob* const bottom : state_.bottoms[layer]) {
        const size_t part = index_.at(bottom->data().get());
        if (CanBePart(tenants_[part], tenants_[whole], offset)) {
          tenants_[part].whole = whole;
          tenants_[part].offset = offset;
          tenants_[whole].has_parts = true;
          tenants_[whole].first = std::min(tenants_[whole].first, tenants_[part].first);
        }
        offset += bottom->size();
      }
    }
  }

  // Only one layer writes a part, and only the one that joins it reads it. It begins with a cache
  // line, as all memory of blobs does.
  static bool CanBePart(const Tenant& part, const Tenant& whole, int64_t offset) {
    constexpr int64_t kLine = 16;  // floats
    return !part.stays && !whole.stays && part.layers == 2 && part.blobs.size() == 1 &&
           !part.whole && !part.has_parts && offset % kLine == 0;
  }

  // Each tenant's room, in the order in which they are needed.
  std::vector<size_t> AssignRooms() {
    std::vector<size_t> order;
    for (size_t i = 0; i < tenants_.size(); ++i) {
      if (!tenants_[i].stays && !tenants_[i].whole) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [this](size_t a, size_t b) { return tenants_[a].first < tenants_[b].first; });
    std::vector<size_t> rooms(tenants_.size());
    for (const size_t tenant : order) rooms[tenant] = RoomFor(tenants_[tenant]);
    return rooms;
  }

  // Of the rooms that are free the smallest that is large enough, or else the largest, which grows.
  size_t RoomFor(const Tenant& tenant) {
    size_t best = rooms_.size();
    for (size_t i = 0; i < rooms_.size(); ++i) {
      if (rooms_[i].taken_until >= tenant.first) continue;
      if (best == rooms_.size() || IsBetter(rooms_[i].size, rooms_[best].size, tenant.size)) {
        best = i;
      }
    }
    if (best == rooms_.size()) rooms_.emplace_back();
    rooms_[best].size = std::max(rooms_[best].size, tenant.size);
    rooms_[best].taken_until = tenant.last;
    return best;
  }

  static bool IsBetter(int64_t a, int64_t b, int64_t needed) {
    if (a >= needed && b >= needed) return a < b;
    return a > b;
  }

  void MoveIn(const Tenant& tenant, const std::shared_ptr<Buffer>& memory) {
    for (Blob* const blob : tenant.blobs) {
      blob->UseMemory(memory);
      state_.moved_blobs.push_back(blob);
    }
    state_.lifetimes[tenant.first].begin.push_back(tenant.blobs.front());
    state_.lifetimes[tenant.last].end.push_back(tenant.blobs.front());
  }

  NetState& state_;
  std::vector<Tenant> tenants_;
  std::unordered_map<const Buffer*, size_t> index_;
  std::vector<Room> rooms_;
};

}  // namespace

void NetState::PlanMemory() {
  MemoryPlanner(this).Run();
  planned_shapes.emplace();
  for (const Blob* const input : inputs) planned_shapes->push_back(input->shape());
}

void NetState::ForgetMemoryPlan() {
  for (Blob* const blob : moved_blobs)
    blob->UseMemory(std::make_shared<Buffer>(blob->size(), budget));
  moved_blobs.clear();
  lifetimes.clear();
}

}  // namespace demitasse
