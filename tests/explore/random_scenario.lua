-- SPDX-License-Identifier: MIT
-- Threads that do what chance has them do: random_scenarios.sh puts "local seed = N" before this.
local function random(most)
	seed = (seed * 1103515245 + 12345) % 2147483648
	return seed // 65536 % most + 1
end
local function one_of(list) return list[random(#list)] end

local fs    = one_of { "ext4", "ext4", "xfs", "ext2", "fuse" }
local pmem  = device { type = "fsdax", fs = fs, pages = 4 }
local data  = pmem:file { pages = 2 }
local small = pmem:file { pages = 1 }
local app   = process()
local map   = app:mmap { file = data }
local far   = process():mmap { file = one_of { data, small }, private = random(4) == 1 }
local anon  = app:mmap { anon = true, pages = 1 }
local full  = pipe()
local gpu   = device { type = one_of { "private", "coherent" }, pages = 1 }
local bar   = device { type = "p2pdma", pages = 1 }
local bars  = app:mmap { device = bar, pages = 1 }
local dax   = device { type = "devdax", pages = 8 }
local node  = dax:file { pages = 8 }
local huge  = process():mmap { file = node }

-- What is made on the way is made by the first thread, and used by any.
local new, late, child, twin
local makes = {}
if random(3) == 1 then
	new = pmem:file { pages = 1, later = true }
	makes[#makes + 1] = new:create()
end
if random(3) == 1 then
	late = app:mmap { file = small, later = true }
	makes[#makes + 1] = late:mmap()
end
if random(3) == 1 then
	child = app:child()
	twin = map:in_child(child)
	makes[#makes + 1] = child:fork()
end
local maps  = { map, map, far, anon, anon, bars, huge, late or map, twin or map }
local files = { data, data, small, new or small }

-- A hold has one name, and is let go of as it was taken; by whom, and whether at all, is open.
local held = {}
local let_go = { get = put_page, pin = unpin, register = unregister }

local function take()
	local hold = { name = "hold" .. #held + 1, how = one_of { "get", "pin", "pin", "register" } }
	local of = one_of(maps)

	held[#held + 1] = hold
	if hold.how == "register" then return of:register(0):as(hold.name) end
	return of[hold.how](of, 0, { write = random(2) == 1, fast = random(3) == 1 }):as(hold.name)
end

local function drop()
	local hold = #held > 0 and one_of(held)

	if not hold then return take() end
	if random(3) == 1 then return one_of { dma_read, dma_write }(hold.name) end
	return let_go[hold.how](hold.name)
end

local function on_map()
	local of = one_of(maps)

	return one_of { function() return of:read(0) end, function() return of:write(0) end,
			function() return of:munmap() end, function() return of:dontneed() end,
			function() return of:msync() end, function() return of:vmsplice(full, 0) end }()
end

local function on_file()
	local of = one_of(files)

	return one_of { function() return of:truncate(random(2) - 1) end,
			function() return of:punch(0) end, function() return of:zero_range(0) end,
			function() return of:collapse(0) end, function() return of:allocate(0) end,
			function() return of:fsync() end, function() return of:open() end,
			function() return of:close() end, function() return of:unlink() end,
			function() return of:pread(0) end, function() return of:pwrite(0) end,
			function() return of:splice(full, 0) end,
			function() return fs == "xfs" and small:clone(data) or of:fsync() end }()
end

local function on_machine()
	return one_of { function() return pmem:unbind() end, function() return pmem:umount() end,
			function() return pmem:mount() end, function() return pmem:rebind() end,
			function() return pmem:drop_caches() end, function() return pmem:sync() end,
			function() return full:drain() end, function() return app:exit() end,
			function() return gpu:unbind() end, function() return gpu:rebind() end,
			function() return dax:unbind() end, function() return dax:rebind() end,
			function() return bar:unbind() end,
			function() return anon:migrate_to(gpu, 0) end,
			function() return anon:migrate_to(gpu, 0) end }()
end

local function ops(first)
	local list = first

	for i = 1, random(3) do
		list[#list + 1] = one_of { on_map, on_map, on_file, on_file, on_machine, on_machine, take, drop }()
	end
	return list
end

if random(2) == 1 then before { map:write(0), take() } end
thread("one", ops(makes))
thread("two", ops {})
if random(3) == 1 then thread("three", ops {}) end
