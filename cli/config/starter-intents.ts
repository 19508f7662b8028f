/**
 * The intents of a bundle whose owner wrote none, and the file `understudy init` begins with.
 * One text for both, so that what an owner starts from is what was in force before.
 */
export const STARTER_INTENTS = `# What visitors say that no page answers. Examples are training sentences: add those your visitors really write.
# action: answer = say the answer; handoff = offer people; retrieve = look in the pages.
intents:
  - id: greeting
    name: Greeting
    action: answer
    examples:
      - hi
      - hello
      - hello there
      - hey
      - good morning
      - good evening
      - hi, can you help me?
      - anyone there?
      - 你好
      - 您好
      - 在吗
      - 早上好
      - 有人吗
    answer:
      en: Hello! What would you like to know?
      zh: 您好！请问有什么可以帮您？
  - id: thanks
    name: Thanks
    action: answer
    examples:
      - thanks
      - thank you
      - thank you very much
      - thx
      - great, thanks
      - that helped
      - perfect, cheers
      - 谢谢
      - 谢谢你
      - 多谢
      - 好的，谢谢
    answer:
      en: You're welcome.
      zh: 不客气。
  - id: goodbye
    name: Goodbye
    action: answer
    examples:
      - bye
      - goodbye
      - see you
      - bye bye
      - that's all, bye
      - have a nice day
      - 再见
      - 拜拜
      - 没有别的问题了，再见
    answer:
      en: Goodbye!
      zh: 再见！
  - id: talk_to_person
    name: Talk to a person
    action: handoff
    examples:
      - I want to talk to a person
      - can I speak to a human
      - human please
      - connect me to an agent
      - let me talk to customer service
      - is there a real person
      - I need to speak to someone
      - get me a representative
      - 转人工
      - 人工客服
      - 我要找人工
      - 可以和真人说话吗
      - 我想联系客服

# Messages that are none of the above: they are looked up in the pages, which may have no answer either.
none:
  - what's the weather like tomorrow
  - tell me a joke
  - who won the match
  - write me a poem
  - what is the capital of australia
  - how does it work
  - how much does it cost
  - where can I find my invoice
  - it does not work
  - can I change my order
  - 明天天气怎么样
  - 讲个笑话
  - 多少钱
  - 怎么用
  - 在哪里可以看到发票
  - 不能用了怎么办
`;
